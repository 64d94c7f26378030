/** Words that carry no search meaning in a question about code: English function words and question words. */
const english = `a about all also am an and any are as at be been being but by can could did do does doing done each
every for from get gets got had has have having he her here hers him his how i if in into is it its itself just let
like may me might more most must my no nor not of off on once only or other our out over own please s same shall she
should show so some such t than that the their them then there these they this those through to too under until up us
very was we were what when where which while who whom whose why will with would you your find explain describe code
used use uses using via work works working handle handles handled handling implement implemented implementation
implements happen happens`;

/** Character bigrams of Chinese question words and particles, and Japanese ones. */
const chinese = `如何 怎么 怎样 什么 哪里 哪个 哪些 为什 么样 是怎 么实 是如 何实 在哪 里的 的是 请问 一下 代码 中的 了吗
一个 是不 不是 是否 有没 没有 可以 这个 那个 之后 的时 时候 以及 或者 并且 如果 怎麼 哪儿 哪些 能不 不能 会不 是在 个是 里面 有哪
どこ どう です ます する して いる ある この その なに`;

const stopWords = new Set(`${english} ${chinese}`.split(/\s+/));

/** True for a lower-case word (or character bigram) that a query leaves out. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}
