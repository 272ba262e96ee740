// Completes the question in the search box while it is typed. Every page does all it does without this as well.
"use strict";

const PAUSE_MS = 150;

for (const box of document.querySelectorAll("input[list=completions]")) {
  const list = document.getElementById("completions");
  let waiting = 0;
  let asked = "";
  let asking = new AbortController();
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => complete(box.value), PAUSE_MS);
  });

  async function complete(typed) {
    // A completion that was just chosen from the list is a question, and needs no other.
    if (typed === asked || [...list.children].some((option) => option.value === typed)) return;
    asked = typed;
    asking.abort();
    asking = new AbortController();
    const address = `/api/v1/suggestions?${new URLSearchParams({ q: typed })}`;
    const answer = await fetch(address, { signal: asking.signal }).catch(() => null);
    if (!answer || !answer.ok || typed !== asked) return;
    const { suggestions } = await answer.json();
    list.replaceChildren(...suggestions.map(({ question, articles }) => {
      const option = document.createElement("option");
      option.value = question;
      option.label = `${articles.toLocaleString("en-GB")} ${articles === 1 ? "article" : "articles"}`;
      return option;
    }));
  }
}
