import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../kit/index.ts';
import { filtersOverlap } from '../links/index.ts';
import type { ReaderOptions } from './options.ts';

type Claim = { readonly reader: string; readonly pointer: string; readonly found: unknown; readonly place: string };

/**
 * Readers that cannot both be reached, since they would need the same serial device, the same address or the same topic.
 * Each but the first is a problem at its own place; pointers are relative to the list of readers. A device is the same
 * through every link that leads to it.
 */
export function readerClashes(readers: readonly ReaderOptions[]): Problem[] {
  const first = new Map<string, Claim>();
  return readers.flatMap(claimsOf).flatMap((claim) => {
    const other = first.get(claim.place);
    if (other === undefined) {
      first.set(claim.place, claim);
      return [];
    }
    const { pointer, found } = claim;
    return [{ pointer, found, allowed: `one that no other reader has; reader ${other.reader} has it already` }];
  });
}

function claimsOf({ id, link: { serial, tcp, mqtt } }: ReaderOptions, i: number): Claim[] {
  const at = (key: string, found: unknown, place: string) => ({
    reader: id,
    pointer: `/${i}/link/${key}`,
    found,
    place,
  });
  return [
    ...(serial === undefined ? [] : [at('serial/path', serial.path, `serial ${deviceOf(serial.path)}`)]),
    ...(tcp === undefined || tcp.listen === true
      ? []
      : [at('tcp/port', tcp.port, `tcp ${hostOf(tcp.host)} ${tcp.port}`)]),
    ...(mqtt === undefined ? [] : [at('mqtt/topic', mqtt.topic, `mqtt ${mqtt.topic}`)]),
  ];
}

/** The device file behind a path; the path itself while nothing is plugged in. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

const hostOf = (host: string) => (host.toLowerCase() === 'localhost' ? '127.0.0.1' : host.toLowerCase());

/** Readers whose topic filters take some of the same messages: each of those would count twice. Pointers as above. */
export function sharedTopics(readers: readonly ReaderOptions[]): Problem[] {
  const topics = readers.flatMap(({ id, link }, i) =>
    link.mqtt === undefined ? [] : [{ id, i, topic: link.mqtt.topic }],
  );
  return topics.flatMap(({ i, topic }, at) => {
    const other = topics
      .slice(0, at)
      .find((earlier) => earlier.topic !== topic && filtersOverlap(earlier.topic, topic));
    if (other === undefined) return [];
    const allowed = `a message that fits ${other.topic}, too, counts for reader ${other.id} as well: give each reader topics of its own`;
    return [{ pointer: `/${i}/link/mqtt/topic`, found: topic, allowed }];
  });
}
