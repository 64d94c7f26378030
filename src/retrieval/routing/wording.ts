import { quotation } from './message-words.ts';
import { codeMark } from './pasted-code.ts';

/** What a message's wording tells of where its answer lies. Each number is 0 or 1, or a share. */
export interface Wording {
  /** Points at this project: "our", "this repo", "where is", 项目, 在哪. */
  readonly atProject: number;
  /** Asks about the shape of the whole: entry point, structure, what it does. */
  readonly asksWhole: number;
  /** Asks to change something: add, refactor, write a test for. */
  readonly asksChange: number;
  /** Asks what something is in general, how it differs, what is better. */
  readonly asksGeneral: number;
  /** Asks what something is: "what is X", 什么是. */
  readonly asksMeaning: number;
  /** Asks how a thing that exists behaves: "how does the X", "what happens when", 是怎么…的. */
  readonly asksBehaviour: number;
  /** Asks about an error or a piece of text that it quotes. */
  readonly asksAboutQuote: number;
  /** Asks to write something from nothing: a function, a query, a mail. */
  readonly asksToWrite: number;
  /** Programming languages, tools and public libraries named as the setting: "in Go", 用 Python; lower case. */
  readonly settings: readonly string[];
  /** Small talk, translation, thanks. */
  readonly smallTalk: number;
  /** Speaks of something said before: it, that, 它. */
  readonly refersBack: number;
  /** Begins or ends as who goes on from what was said: "and if", 那…呢. */
  readonly goesOn: number;
  /** Brings its own code along. */
  readonly pastesCode: number;
}

const atProject =
  /\b(?:our|ours|we|us|this (?:repo(?:sitory)?|project|code ?base|code|app(?:lication)?|service|library|module|package|program|source|folder|server)|the (?:repo(?:sitory)?|project|code ?base|source(?: code| tree)?|sources)|in here|here|these (?:files|sources)|my (?:code|project|repo))\b|项目|仓库|代码库|源码|源代码|代码里|代码中|我们|咱们|本仓|这里面|这个(?:库|模块|工程|服务|程序|框架)|工程里/i;
const asksWhole =
  /\b(?:entry ?points?|main (?:function|file|modules?|class(?:es)?|packages?|parts|components)|(?:most )?important (?:class(?:es)?|modules?|files)|(?:program|app|application|it|everything|execution) starts?|start up|structured?|architecture|overview|organi[sz]ed|laid out|layout|code ?base|repo(?:sitory)?|what does (?:this|it|the) (?:project|repo|code|program|app|library)|purpose of this|get(?:ting)? started with this|run (?:the )?tests|public api|extension points?|fit together|deprecated|end.to.end)\b|入口|整体|架构|目录结构|各个目录|概览|(?:项目|代码|库|工程)是?(?:做什么|干什么|干嘛)|main ?函数|从哪(?:里|儿)?开始|怎么跑起来|跑测试|怎么编译|最重要的|核心(?:类|模块|代码)/i;
const asksChange =
  /\b(?:add|change|extend|refactor|rename|remove|fix|support|replace|migrate|update|write (?:a |some )?(?:unit |integration )?tests? for|make (?:it|the|our)|patch|cover)\b|添加|增加|加一个|加上|加个|修改|重构|改成|改一下|修复|替换|支持|补(?:一|个|上)|写(?:一个|个)?(?:单元)?测试|单测/i;
const asksGeneral =
  /\b(?:what(?:'s| is| are) (?:the )?(?:differences?|a|an|time complexity|point of|best|pros)|difference between|differ|vs\.?|versus|compare[ds]? (?:to|with)|in general|generally|pros and cons|best practices?|time complexity|complexity of|explain (?:the |what |how |like |this regex|this error|me )|what does .{1,40} (?:mean|stand for)|when should (?:i|you|one)|which (?:one )?(?:is better|would you|should i)|better|should i use|why (?:do|does|is|are) (?:people|everyone|most)|how do i|how to|how can i|how would you|example of|tutorial|meaning of|big.?o)\b|区别|是什么意思|什么是|有何不同|优缺点|最佳实践|时间复杂度|复杂度|原理|通俗|举例|举个例子|怎么选|哪个好|更好|哪个更|更适合|怎么回事|一般(?:设|是|怎么|来说)?|为什么要用|该用|有什么用处|科普|介绍一下|讲讲/i;
const asksMeaning =
  /^(?:hey,? |hi,? |so,? |please )?(?:what(?:'s|s| is| are)|who (?:is|invented)|define|tell me about) (?!.*\b(?:this|our|these|here)\b)(?!the (?:signature|default|order|type|return|entry|purpose))|^(?:请问)?什么是|是什么(?:东西|概念|意思)?[?？]?$|是.{1,6}吗[?？]?$/i;
const asksBehaviour =
  /\bhow (?:does|do|is|are|did|was) (?:the|it|this|our|an? \w+ (?:get|end|become))\b|\bwhat happens\b|\bwalk me through\b|\btrace\b|\bwhich (?:component|part|one of|setting|option)\b|\bwhat (?:decides|determines|controls|triggers|stops|order|params|arguments|options|default)\b|\b(?:decides|signature of|responsible for|in charge of|under the hood|internally|end up)\b|是(?:怎么|如何|怎样|在什么时候|按什么|由谁|通过什么)[^，。？]{0,30}的|(?:怎么|如何)(?:决定|判断|处理|工作|运行|配合|实现)的|会怎(?:样|么样)|会发生什么|默认值|流程|机制|调用链|各自负责|负责什么|干嘛用|有什么用|做了什么|写了(?:些)?什么/i;
const asksAboutQuote =
  /\b(?:this|the following) (?:error|exception|message|regex|warning|snippet|text|sentence|query)\b|(?:这个|下面的?|以下)(?:报错|错误|异常|正则|代码|句子|段落)|^fix this\b|^why does this\b|^is this\b|\bit (?:never|always|does ?n.t|prints|raises|throws)\b|\b(?:TypeError|SyntaxError|NullPointerException|segmentation fault|ECONNREFUSED|ImportError)\b/i;
const asksToWrite =
  /\b(?:write|implement|create|generate|give me|show me how to|code|build|make) (?:me )?(?:a|an|some|the|simple|small|quick|basic|\w+sort|quicksort|fizz)|\b(?:draft|compose|rewrite|rephrase|proofread|summari[sz]e this (?:text|article|paragraph))\b|写(?:一个|个|一段|一条|一份|一封|段|条|篇)|实现(?:一个|个|一下|快排|快速排序)|帮我写|给我写|生成一个|来个/i;
const languages =
  'python|javascript|typescript|java|kotlin|go|golang|rust|c\\+\\+|c#|c|ruby|php|swift|scala|haskell|elixir|erlang|lua|perl|bash|shell|sql|mysql|postgres(?:ql)?|sqlite|mongodb|redis|html|css|react|vue|angular|svelte|node(?:\\.js)?|express|django|flask|rails|spring|docker|dockerfile|kubernetes|k8s|git|linux|vim|regex|excel|nginx|pandas|numpy|selenium|typeorm|prisma|sidekiq|beautifulsoup';
const namesSetting = new RegExp(
  `\\b(?:in|with|using|for|via) (?:plain |vanilla |pure |modern )?(?:${languages})(?![\\w-])|(?:用|使用|在)\\s*(?:${languages})(?![\\w-])|^(?:${languages})\\b|\\b(?:${languages})\\s*(?:里|中|的|怎么|如何)|\\b(?:git|docker|kubectl|npm|pip|sql|css|regex)\\b`,
  'gi',
);
const smallTalk =
  /^(?:hi|hello|hey|thanks?|thank you|thx|ok(?:ay)?|cool|great|good (?:morning|night|job)|bye|lol|nice|perfect|yes|no)\b|\b(?:who are you|what can you do|are you (?:an? )?(?:ai|human|bot)|what model|translate|joke|poem|haiku|story|weather|recipe|email|e-mail|cover letter|birthday|convert \d|how (?:many|much) (?:is|are|days)|capital of|in (?:french|german|spanish|chinese|english|japanese)|simpl(?:er|y)|shorter|more (?:formal|professional|polite|detail))\b|^(?:你好|您好|谢谢|多谢|早上好|晚上好|再见|好的|哈哈)|你是谁|翻译|笑话|写诗|天气|邮件|润色|简单(?:点|一点|些)|换成英文|用英(?:文|语)|用中文|\b(?:what we|we) (?:have |just )?(?:discussed|talked about)\b|\b(?:our|this) (?:chat|conversation|discussion)\b|(?:刚才|我们|上面)(?:聊|讨论|说)(?:的|过)|刚才的(?:讨论|对话|聊天)/i;
const refersBack =
  /^(?:and|but|so|now|also|then)\b|\b(?:it|that|this one|these|those|them|they|the same|the other|above|previous|again)\b|它|那个|这个呢|上面|刚才|前面|那么|那|还有|同样|继续/i;
/** Begins as who goes on from what was said. */
const goesOn =
  /^(?:and|but|so|then|or|also|now|ok(?:ay)?|hm+|ah|nice|cool|great|thanks|what(?: if| about|'s that)?|how about|why(?: not|\?|$)|same|which one|where(?: exactly|\?|$)|when(?:\?|$)|who else|any other|(?:does|is|was|are|can|could|will|would) (?:it|that|this|these|they|there|i|you|we)|make it|in \w+\??$|for \w+\??$|on \w+\??$|with \w+\??$|without|only|shorter|again|it|they|that)\b|^(?:那|如果|要是|假如|万一|还有|再|换|改|也|能不能|能|可以|可不可以|所以|但|但是|为什么|有没有|默认|默认值|第[一二三四五六七八九十\d]|它|这|另外|然后|继续|英文|中文|具体|举个例子)|呢[?？]?$/i;

/** Background requests of chat clients: titles, tags, follow-up prompts, completions of a search query. */
const background =
  /^\s*#{1,3} ?(?:task|任务)[:：]|^\s*(?:summari[sz]e|condense) the (?:conversation|chat|dialogue)|根据(?:以下|上面的?|下面的?)?(?:对话|聊天)|^\s*(?:please )?(?:generate|create|suggest|write|give|provide) (?:[\w-]+[ ,]+){0,6}(?:titles?|tags?|follow-?up (?:questions|prompts)|emoji|search quer(?:y|ies)|keywords)\b.{0,400}(?:chat|conversation|dialog|USER:)|<chat_history>|(?:生成|给出|写)(?:一个|1-3个|几个)?.{0,12}(?:标题|标签|后续问题|追问).{0,200}(?:对话|聊天|会话)/is;

const ofConversation =
  /^\s*(?:please )?(?:based on|given|analy[sz]e|read|look at|consider|from|after) (?:the |this |our )?(?:(?:following|above|previous|preceding|recent|entire|whole|latest) )?(?:chat|conversation|dialog(?:ue)?|messages|exchange)\b.{0,400}\b(?:titles?|tags?|follow-?ups?|questions?|quer(?:y|ies)|keywords?|emoji|topics?|search(?:es)?)\b|(?:以上|以下|上面|下面|上述|刚才|这段|这次|本次)[^，。\n]{0,8}(?:对话|聊天|会话)[^。]{0,60}(?:标题|标签|追问|问题|关键词|主题|话题)/is;

/** Characters at each end of a message in which a background task is looked for. */
const toldLength = 4_000;

/** True for what a chat client asks by itself, which never needs code. */
export function isBackgroundTask(question: string): boolean {
  // Such prompts say what they are before or behind the conversation that they bring along.
  const told =
    question.length <= 2 * toldLength ? question : `${question.slice(0, toldLength)}\n${question.slice(-toldLength)}`;
  const autocomplete = told.search(/\bautocomplete\b/i);
  if (ofConversation.test(told)) return true;
  return background.test(told) || (autocomplete >= 0 && /\bchat\b/i.test(told.slice(autocomplete)));
}

/** Reads the wording of a message's prose (`proseOf`). Pure. */
export function readWording(prose: string): Wording {
  const said = prose.replace(quotation, ' … ');
  const has = (pattern: RegExp): number => (pattern.test(said) ? 1 : 0);
  return {
    atProject: has(atProject),
    asksWhole: has(asksWhole),
    asksChange: has(asksChange),
    asksGeneral: has(asksGeneral),
    asksMeaning: has(asksMeaning),
    asksBehaviour: has(asksBehaviour),
    asksAboutQuote: has(asksAboutQuote),
    asksToWrite: has(asksToWrite),
    settings: [...said.matchAll(namesSetting)].map(([phrase]) => phrase.toLowerCase()),
    smallTalk: has(smallTalk),
    refersBack: has(refersBack),
    goesOn: has(goesOn),
    pastesCode: said.includes(codeMark) ? 1 : 0,
  };
}
