package peerage_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"peerage.dev/go"
)

const hostile = `<img src=x onerror="f()">`

func TestAStatusPage(t *testing.T) {
	transport := &fake{}
	users := running(t, transport, "round-robin", []string{"10.0.0.1:80", hostile}, peerage.WithName("users"))
	closed := running(t, &fake{}, "random", nil, peerage.WithName("closed"))
	must(t, closed.Close())
	must(t, transport.peer("10.0.0.1:80").SetStatus(peerage.Unavailable))
	pick, err := users.Choose(t.Context(), nil)
	must(t, err)
	defer pick.Finish(nil)
	page, err := peerage.StatusHTML("title=shop,refresh=5s", users, closed, nil)
	must(t, err)
	for _, part := range []string{
		"<!DOCTYPE html>", "<title>shop</title>", "1 list, 1 of 2 peers available, 1 pending",
		"&lt;img src=x onerror=&quot;f()&quot;&gt;", "unavailable", "</html>\n",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in\n%s", part, page)
		}
	}
	if strings.Contains(page, "<img") || strings.Contains(page, "closed") {
		t.Error(page)
	}
}

func TestAStatusPageOfMany(t *testing.T) {
	const many = 3_000
	chooser := running(t, &fake{}, "random", names(many))
	page, err := peerage.StatusHTML(fmt.Sprint("peers=", many), chooser)
	must(t, err)
	equal(t, "rows", strings.Count(page, "<tr><th scope=row>"), many+1)
	page, err = peerage.StatusHTML("", chooser)
	must(t, err)
	if !strings.Contains(page, "and 2,000 more") {
		t.Error("the rows are not limited")
	}
}

func TestStatusForPrograms(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "random", []string{"a:1", hostile}, peerage.WithName("users"))
	must(t, transport.peer("a:1").SetStatus(peerage.Connecting))
	text, err := peerage.StatusJSON(chooser)
	must(t, err)
	var read struct {
		Form     int
		Choosers []struct {
			Name, State, Policy string
			Peers               []struct {
				Identifier       string
				Available        bool
				Reasons          []string
				ConnectionStatus string `json:"connection_status"`
			}
		}
	}
	must(t, json.Unmarshal([]byte(text), &read))
	equal(t, "form", read.Form, 1)
	users := read.Choosers[0]
	equal(t, "chooser", fmt.Sprint(users.Name, users.State, users.Policy), "usersrunningrandom")
	equal(t, "peers", fmt.Sprint(users.Peers), "[{"+hostile+" true [] available} {a:1 false [not-connected] connecting}]")
}

func TestOptionsOfAPageThatAreWrong(t *testing.T) {
	_, err := peerage.StatusHTML("refresh=1ms")
	wants(t, err, peerage.ErrInvalidArgument)
	if !strings.Contains(err.Error(), "must be a duration from 1s to 24h, such as 5s") {
		t.Error(err)
	}
}
