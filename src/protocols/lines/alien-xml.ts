import type { DecodeContext, Sink } from '../sink.ts';
import type { LineDecoder } from './line-decoder.ts';
import { giveGroups } from './tag-line.ts';

/** An element with a text on one line, or a tag by itself. */
const token = /<([A-Za-z-]+)>([^<]*)<\/\1>|<(\/?)([A-Za-z-]+)>/g;
const reading = 'Alien-RFID-Tag';
const kept: ReadonlySet<string> = new Set(['TagID', 'Antenna', 'ReadCount', 'RSSI']);

type Fields = Record<string, string>;

/**
 * Alien's tag lists and notifications in XML: one `Alien-RFID-Tag` per tag, over several lines or on one; antennas count
 * from 0 [Alien Reader Interface Guide, "TagListFormat"]. Whatever else stands in the document is passed over. Lines that
 * are no XML go to `patterns`.
 */
export function createAlienDecoder(patterns: LineDecoder, context: DecodeContext): LineDecoder {
  const element = createElement(context);
  return {
    line: (text, receivedAt, sink) => {
      if (!text.trimStart().startsWith('<')) return patterns.line(text, receivedAt, sink);
      for (const found of text.matchAll(token)) element.take(found, receivedAt, sink);
    },
    end: (sink) => {
      element.drop(sink);
      patterns.end(sink);
    },
  };
}

/** The `Alien-RFID-Tag` that is being read. */
function createElement(context: DecodeContext) {
  let open: Fields | null = null;
  const drop = (sink: Sink) => {
    if (open !== null) sink.bad('TRUNCATED', Buffer.from(JSON.stringify(open), 'latin1'), 0);
    open = null;
  };
  const begin = (sink: Sink) => {
    drop(sink);
    open = {};
  };
  const close = (receivedAt: number, sink: Sink) => {
    if (open === null) return;
    const problem = giveGroups(groupsOf(open), {}, receivedAt, context, sink);
    if (problem !== null) sink.bad(problem, Buffer.from(JSON.stringify(open), 'latin1'), 0);
    open = null;
  };
  return {
    drop,
    take: ([, name, value = '', slash, tag]: RegExpExecArray, receivedAt: number, sink: Sink) => {
      if (name !== undefined && open !== null && kept.has(name)) open[name] = value.trim();
      else if (tag === reading && slash === '/') close(receivedAt, sink);
      else if (tag === reading) begin(sink);
    },
  };
}

function groupsOf({ TagID = '', Antenna, ReadCount, RSSI }: Fields) {
  return { epc: TagID, antennaFromZero: Antenna, count: ReadCount, rssi: RSSI };
}
