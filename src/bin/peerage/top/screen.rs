//! One table in place, in a terminal.

use std::io::{self, Stdout, Write};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};
use peerage::transports::ProbeState;

use super::Args;
use super::rows::{Picture, Row};
use crate::ending::Until;
use crate::fault::{Fault, complain};
use crate::follow::{Following, News};

/// How often it looks for signals and news while no key is pressed.
const LOOK: Duration = Duration::from_millis(100);

pub(super) fn run(following: &Following, args: &Args) -> Result<(), Fault> {
    let mut screen = Screen::enter()?;
    let until = Until::after(args.time);
    let (mut fault, mut has_answered) = (String::new(), false);
    let mut next = Instant::now();
    while !until.is_over() {
        for news in following.next(Duration::ZERO) {
            match news {
                News::Interrupted => return Ok(()),
                News::Unanswered { line, .. } | News::Fault(line) => fault = line,
                News::Answered => {
                    fault.clear();
                    has_answered = true;
                }
                // Soon, but not once for each of a thousand peers.
                News::Peer { .. } | News::Probed => next = next.min(Instant::now() + LOOK),
            }
        }
        if next <= Instant::now() {
            screen.draw(&Picture::of(following), &fault)?;
            next = Instant::now() + args.interval;
        }
        match screen.key(until.left(LOOK))? {
            Some(Key::End) => return Ok(()),
            Some(Key::Resized) => next = Instant::now(),
            None => {}
        }
    }
    match args.time {
        Some(time) if !has_answered => {
            // What the screen has said goes with it.
            drop(screen);
            if !fault.is_empty() {
                complain(&fault);
            }
            Err(following.unanswered_within(time))
        }
        _ => Ok(()),
    }
}

enum Key {
    End,
    Resized,
}

/// A terminal that shows the table, and is as it was when this is dropped.
struct Screen {
    out: Stdout,
    has_colours: bool,
}

impl Screen {
    fn enter() -> Result<Self, Fault> {
        let wrong = |error| Fault::failed(format!("cannot use the terminal: {error}"));
        terminal::enable_raw_mode().map_err(wrong)?;
        let has_colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let mut screen = Self { out: io::stdout(), has_colours };
        execute!(screen.out, EnterAlternateScreen, Hide).map_err(wrong)?;
        Ok(screen)
    }

    /// Waits for a key that means something, or a new size.
    fn key(&self, timeout: Duration) -> Result<Option<Key>, Fault> {
        let wrong = |error| Fault::failed(format!("cannot read the terminal: {error}"));
        if !event::poll(timeout).map_err(wrong)? {
            return Ok(None);
        }
        Ok(match event::read().map_err(wrong)? {
            Event::Resize(..) => Some(Key::Resized),
            Event::Key(key) if ends(key) => Some(Key::End),
            _ => None,
        })
    }

    /// Draws what there is room for.
    fn draw(&mut self, picture: &Picture, fault: &str) -> Result<(), Fault> {
        let (width, height) = terminal::size().unwrap_or((80, 24));
        let (width, height) = (usize::from(width), usize::from(height));
        queue!(self.out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
        self.line(&picture.title, width, None)?;
        self.line(fault, width, Some(Color::Red).filter(|_| !fault.is_empty()))?;
        queue!(self.out, SetAttribute(Attribute::Bold))?;
        self.line(&picture.heading, width, None)?;
        queue!(self.out, SetAttribute(Attribute::Reset))?;
        // Three lines above, one below.
        let room = height.saturating_sub(4);
        let (seen, rest) = picture.rows.split_at(room.min(picture.rows.len()));
        for Row { text, state } in seen {
            self.line(text, width, colour(*state))?;
        }
        queue!(self.out, Clear(ClearType::FromCursorDown))?;
        let below = match rest.len() {
            0 => "q ends it".to_owned(),
            more => format!("{more} more; q ends it"),
        };
        queue!(self.out, Print(cut(&below, width)), EndSynchronizedUpdate)?;
        Ok(self.out.flush()?)
    }

    fn line(&mut self, text: &str, width: usize, colour: Option<Color>) -> io::Result<()> {
        let colour = colour.filter(|_| self.has_colours);
        if let Some(colour) = colour {
            queue!(self.out, SetForegroundColor(colour))?;
        }
        queue!(self.out, Print(cut(text, width)))?;
        if colour.is_some() {
            queue!(self.out, ResetColor)?;
        }
        queue!(self.out, Clear(ClearType::UntilNewLine), Print("\r\n"))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that has gone needs nothing.
        let _ = execute!(self.out, Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}

fn ends(key: KeyEvent) -> bool {
    let has_control = key.modifiers.contains(KeyModifiers::CONTROL);
    let is_end = match key.code {
        KeyCode::Char('c' | 'd') if has_control => true,
        KeyCode::Char('q' | 'Q') | KeyCode::Esc => true,
        _ => false,
    };
    is_end && key.kind == KeyEventKind::Press
}

fn colour(state: Option<ProbeState>) -> Option<Color> {
    match state {
        Some(ProbeState::Up) => Some(Color::Green),
        Some(ProbeState::Kept | ProbeState::New) => Some(Color::Yellow),
        _ => Some(Color::Red),
    }
}

/// The beginning of a line that is too long: the last column stays free, as some terminals begin a new line
/// behind it.
fn cut(text: &str, width: usize) -> String {
    text.chars().take(width.saturating_sub(1)).collect()
}
