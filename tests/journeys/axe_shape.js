/* What axe's rules read of a page, contrast aside, as two texts: its head, and its body. Of what is shown: tags,
  attributes, whether there is text, and which parts scroll. Words count by whether two are the same, and addresses by
  being there: a page in another language, in another width or with longer texts has the shape of the first where
  nothing else differs.
*/
() => {
  const WORDS = ["alt", "aria-description", "aria-label", "aria-valuetext", "placeholder", "title", "value"];
  const ADDRESSES = ["action", "formaction", "href", "hx-get", "hx-post", "src", "srcset"];
  const UNREAD = /^(style|datetime|data-.*)$/;
  const words = new Map();
  const word = (text) => {
    const said = text.trim();
    if (said && !words.has(said)) words.set(said, words.size);
    return said && `word ${words.get(said)}`;
  };
  const read = ({ name, value }) => {
    if (WORDS.includes(name)) return `${name}=${word(value)}`;
    if (ADDRESSES.includes(name) && value && !value.startsWith("#")) return `${name}=address`;
    return `${name}=${value}`;
  };
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() && "text";
    if (node.nodeType !== Node.ELEMENT_NODE || !node.checkVisibility()) return "";
    const attributes = [...node.attributes].filter(({ name }) => !UNREAD.test(name)).map(read);
    const scrolls =
      node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    const inside = [...node.childNodes].map(shape).join("");
    return `<${node.localName} ${attributes.sort().join(" ")}${scrolls ? " scrolls" : ""}>${inside}</>`;
  };
  const { lang, dir } = document.documentElement;
  return [`${lang} ${dir} ${document.title.trim() && "titled"}`, shape(document.body)];
}
