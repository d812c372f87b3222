// The service of the example: it says what it was told, and who it is.
namespace cpp echo

struct Answer {
  1: string text,
  // The address of the server that answers.
  2: string server,
}

service Echo {
  Answer say(1: string text),
}
