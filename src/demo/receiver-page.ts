/** The page of the sample CRM, whole: no script or style inline, nothing from elsewhere. Path → file. */
export const pageFiles: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['/', { type: 'text/html', text: html() }],
  ['/receiver.css', { type: 'text/css', text: css() }],
  ['/receiver.js', { type: 'text/javascript', text: script() }],
]);

function html(): string {
  return `<!doctype html>
<html lang="zh-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sample CRM</title>
<link rel="stylesheet" href="/receiver.css">
<script src="/receiver.js" defer></script>
</head>
<body>
<header>
<h1 data-text="title"></h1>
<label><span data-text="language"></span>
<select id="language"><option value="zh-TW">繁體中文</option><option value="en">English</option></select></label>
</header>
<main>
<p id="state" role="status"></p>
<dl>
<div><dt data-text="total"></dt><dd id="total">0</dd></div>
<div><dt data-text="duplicates"></dt><dd id="duplicates">0</dd></div>
<div><dt data-text="badSignatures"></dt><dd id="badSignatures">0</dd></div>
</dl>
<p id="empty" data-text="empty"></p>
<ol id="events"></ol>
</main>
</body>
</html>
`;
}

function css(): string {
  return `:root { color-scheme: light dark; --line: #d5d9de; --soft: #5b6470; --good: #0b6b3a; --bad: #b3261e; --card: #f5f7f9; }
@media (prefers-color-scheme: dark) { :root { --line: #39414b; --soft: #a6b0bc; --good: #6fd59c; --bad: #ff9a92; --card: #1d2329; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, "Noto Sans TC", "PingFang TC", "Microsoft JhengHei", sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: center; }
h1 { font-size: 1.25rem; margin: 0; }
select { font: inherit; min-height: 2.75rem; }
dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; margin: 1rem 0; }
dl div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: .5rem 0; }
.line { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
.type { font-weight: 600; }
.time, .detail { color: var(--soft); font-size: .875rem; }
.detail { overflow-wrap: anywhere; }
summary { cursor: pointer; min-height: 1.75rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow: auto; padding: .5rem; font-size: .8125rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
`;
}

function script(): string {
  return `'use strict';
const words = {
  'zh-TW': {
    title: '範例 CRM：收到的事件', language: '語言', total: '事件數', duplicates: '重複（未再處理）', badSignatures: '簽章不符的請求',
    empty: '尚未收到任何事件。', good: '簽章全部正確', bad: '有請求的簽章不符，已拒收', lost: '連不上範例 CRM，稍後自動重試',
    verified: '簽章正確', raw: '完整內容',
    types: { 'item.arrived': '商品到達', 'item.moved': '商品移動', 'item.departed': '商品離開', 'item.sold': '商品售出', 'item.returned': '商品退回', 'item.alert': '警示', 'item.changed': '狀態變更', 'customer.identified': '識別到顧客', 'customer.interaction': '顧客互動' },
  },
  en: {
    title: 'Sample CRM: events received', language: 'Language', total: 'Events', duplicates: 'Duplicates (no second effect)', badSignatures: 'Requests with a bad signature',
    empty: 'No event has arrived yet.', good: 'Every signature held', bad: 'Requests with a bad signature were refused', lost: 'The sample CRM cannot be reached; trying again',
    verified: 'Signature held', raw: 'Full content',
    types: { 'item.arrived': 'Item arrived', 'item.moved': 'Item moved', 'item.departed': 'Item left', 'item.sold': 'Item sold', 'item.returned': 'Item returned', 'item.alert': 'Alert', 'item.changed': 'Item changed', 'customer.identified': 'Customer recognised', 'customer.interaction': 'Customer interaction' },
  },
};
const byId = (id) => document.getElementById(id);
const wanted = new URLSearchParams(location.search).get('lang') || navigator.language;
let language = wanted.startsWith('en') ? 'en' : 'zh-TW';
let drawn = '';

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function summaryOf(event) {
  const item = (event.data && event.data.item) || {};
  const customer = (event.data && event.data.customer) || {};
  return [item.name, item.sku, item.gtin, item.location || customer.location, item.lifecycle, customer.id].filter(Boolean).join(' · ');
}

function row(event) {
  const text = words[language];
  const line = element('div', 'line', '');
  line.append(
    element('span', 'type', text.types[event.type] || event.type),
    element('time', 'time', new Date(event.time).toLocaleTimeString(language)),
    element('span', 'time good', '✓ ' + text.verified),
  );
  const details = document.createElement('details');
  details.dataset.id = event.id;
  details.append(element('summary', 'detail', text.raw), element('pre', '', JSON.stringify(event, null, 2)));
  const item = document.createElement('li');
  item.append(line, element('div', 'detail', summaryOf(event)), element('div', 'detail', event.subject), details);
  return item;
}

function draw(received) {
  const text = words[language];
  for (const name of ['total', 'duplicates', 'badSignatures']) byId(name).textContent = received[name];
  const bad = received.badSignatures > 0;
  byId('state').textContent = received.total === 0 && !bad ? '' : bad ? text.bad : text.good;
  byId('state').className = bad ? 'bad' : 'good';
  byId('empty').hidden = received.events.length > 0;
  const key = language + received.total;
  if (key === drawn) return;
  drawn = key;
  const open = new Set([...document.querySelectorAll('details[open]')].map((details) => details.dataset.id));
  byId('events').replaceChildren(...received.events.slice(0, 50).map(row));
  for (const details of document.querySelectorAll('details')) details.open = open.has(details.dataset.id);
}

function speak() {
  document.documentElement.lang = language;
  document.title = words[language].title;
  for (const part of document.querySelectorAll('[data-text]')) part.textContent = words[language][part.dataset.text];
}

async function refresh() {
  try {
    const answer = await fetch('/received', { cache: 'no-store' });
    draw(await answer.json());
  } catch {
    byId('state').textContent = words[language].lost;
    byId('state').className = 'bad';
  }
}

byId('language').value = language;
byId('language').addEventListener('change', (event) => {
  language = event.target.value;
  speak();
  refresh();
});
speak();
refresh();
setInterval(refresh, 1000);
`;
}
