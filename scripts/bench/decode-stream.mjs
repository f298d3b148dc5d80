// Lines per second through `silentgate decode --json` from standard input, and the most memory it took, for a short and a long
// stream: a quarter in every form of every scheme, 1 line in 100 no tag, the rest SGTIN-96. The limit is the same stream without
// decoding: the same lines split, one same answer made JSON for each, and written. Rates are per second of processor time.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const small = process.argv.includes('--small');
const sizes = (process.env.LINES ?? (small ? '5000,20000' : '100000,1000000')).split(',').map(Number);
const itself = fileURLToPath(import.meta.url);
const command = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** The limit: everything that the command does to a line but decoding it. */
async function answerAlike() {
  const { inputLines, lineWriter } = await import('../../dist/cli/lines.js');
  const { decodeEpc } = await import('../../dist/tags/index.js');
  const { scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields } =
    decodeEpc('3034257BF7194E4000001A85').epc;
  const out = lineWriter();
  for await (const lines of inputLines()) {
    for (const input of lines) {
      const answer = { input, ok: true, scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields };
      if (out.add(JSON.stringify(answer))) await out.flush();
    }
  }
  await out.flush();
}

function formsOfAll() {
  const file = new URL('../../test/golden/epc-vectors.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).positive.flatMap((vector) =>
    [vector.hex, vector.tagUri, vector.pureIdentityUri, vector.digitalLink].filter((text) => typeof text === 'string'),
  );
}

function writeLines(path, count) {
  const forms = formsOfAll();
  const lineOf = (n) => {
    if (n % 100 === 99) return `no tag ${n}`;
    if (n % 4 === 0) return forms[(n / 4) % forms.length];
    return `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
  };
  const file = openSync(path, 'w');
  for (let from = 0; from < count; from += 10_000) {
    const size = Math.min(10_000, count - from);
    writeSync(file, Array.from({ length: size }, (_, at) => `${lineOf(from + at)}\n`).join(''));
  }
  closeSync(file);
}

const report = 'process.on("exit",()=>process.stderr.write(JSON.stringify(process.resourceUsage())))';

/** Runs a program on the lines of a file and counts what it answers. */
async function run(args, path) {
  const input = openSync(path, 'r');
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args], {
    stdio: [input, 'pipe', 'pipe'],
  });
  let answers = 0;
  let said = '';
  child.stdout.on('data', (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) answers++;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  closeSync(input);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(said);
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  return { code, answers, seconds, wallSeconds: (performance.now() - begun) / 1000, memoryMb: maxRSS / 1024 };
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'decode-stream-'));
  const results = [];
  for (const lines of sizes) {
    const path = join(folder, `${lines}.txt`);
    writeLines(path, lines);
    const own = await run([command, 'decode', '--json'], path);
    const limit = await run([itself, '--limit'], path);
    if (own.answers !== lines || limit.answers !== lines)
      throw new Error(`${own.answers} and ${limit.answers} answers to ${lines} lines`);
    results.push({
      lines,
      linesPerSecond: lines / own.seconds,
      limitPerSecond: lines / limit.seconds,
      ratio: limit.seconds / own.seconds,
      wallSeconds: own.wallSeconds,
      memoryMb: own.memoryMb,
      limitMemoryMb: limit.memoryMb,
      exitCode: own.code,
    });
  }
  rmSync(folder, { recursive: true });
  return results;
}

if (process.argv.includes('--limit')) await answerAlike();
else {
  const results = await measure();
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ bench: 'decode-stream', results })}\n`);
  } else {
    const thousands = (rate) => `${Math.round(rate / 1000)} k/s`;
    for (const row of results)
      process.stdout.write(
        `${String(row.lines).padStart(9)} lines  ${thousands(row.linesPerSecond).padStart(8)}  = ${row.ratio.toFixed(2)} of the limit (${thousands(row.limitPerSecond)}), ${row.wallSeconds.toFixed(1)} s, ${Math.round(row.memoryMb)} MB (limit ${Math.round(row.limitMemoryMb)} MB)\n`,
      );
  }
}
