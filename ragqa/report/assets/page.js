"use strict";
const control = (id) => document.getElementById(id);
const cards = [...document.querySelectorAll(".card")].map((card) => ({
  card, text: card.textContent.toLowerCase(),
}));
function show() {
  const wanted = control("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  const letter = control("letter").value, language = control("language").value;
  let shown = 0;
  for (const { card, text } of cards) {
    const fits = wanted.every((word) => text.includes(word))
      && (!letter || card.dataset.letter === letter)
      && (!language || card.dataset.language === language)
      && (!control("differs").checked || card.dataset.differs === "1")
      && (!control("errors").checked || card.dataset.errors === "1");
    card.hidden = !fits;
    shown += fits;
  }
  const count = control("count");
  count.textContent = `${shown} / ${cards.length} ${count.dataset.word}`;
}
for (const id of ["words", "letter", "language", "differs", "errors"]) {
  control(id).addEventListener("input", show);
}
show();
