// The few words that the running page needs itself, in the reader's language; the layout writes them into the page as data.
const texts = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function word(key, ...values) {
  const text = texts[key] ?? `[${key}]`;
  return text.replace(/\{(\d)\}/g, (_, place) => String(values[place] ?? ""));
}

export function hasWord(key) {
  return key in texts;
}
