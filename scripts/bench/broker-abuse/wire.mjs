// What an attacker of an MQTT broker sends, byte by byte.
import { connect as connectSocket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const answer = (socket) => new Promise((resolve) => socket.once('data', resolve));
const drained = (socket) => new Promise((resolve) => socket.once('drain', resolve));
/** What one flood takes at most, ms: a gateway that is slow to take it is not asked for more. */
const floodMs = 30_000;
/** A text with its length before it (MQTT 3.1.1, 1.5.3). */
export const text = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};
function packet(head, ...parts) {
  const body = Buffer.concat(parts);
  const digits = [];
  let rest = body.length;
  do {
    digits.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([head, ...digits]), body]);
}
export const connectPacket = (id, { clean = true, will = null } = {}) =>
  packet(
    0x10,
    text('MQTT'),
    Buffer.from([4, (clean ? 2 : 0) | (will === null ? 0 : 4), 0, 0]),
    text(id),
    ...(will === null ? [] : [text(will.topic), text(will.payload)]),
  );
export const subscribePacket = (filters, qos = 1) =>
  packet(0x82, Buffer.from([0, 1]), ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])]));
export const publishPacket = (topic, payload, { qos = 0, retain = false, id = 1 } = {}) =>
  packet(
    0x30 | (qos << 1) | (retain ? 1 : 0),
    text(topic),
    ...(qos === 0 ? [] : [Buffer.from([id >> 8, id & 255])]),
    Buffer.from(payload),
  );

/** A bare connection; `cut` once the gateway has ended it. */
export async function open(port, { from = '127.0.0.9', read = true } = {}) {
  const socket = connectSocket({ port, host: '127.0.0.1', localAddress: from });
  const made = { socket, cut: false };
  socket.on('error', () => undefined);
  made.gone = new Promise((resolve) => {
    socket.on('close', () => {
      made.cut = true;
      resolve();
    });
  });
  if (read) socket.resume();
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), made.gone]);
  made.send = async (bytes) => {
    if (made.cut) return false;
    if (!socket.write(bytes)) await Promise.race([drained(socket), made.gone, wait(floodMs)]);
    return !made.cut;
  };
  return made;
}

export async function signedIn(port, id, options = {}) {
  const made = await open(port, options);
  const answered = options.read === false ? wait(30) : Promise.race([answer(made.socket), made.gone]);
  await made.send(connectPacket(id, options));
  await answered;
  return made;
}

/** Sessions that asked to be kept and went: each has `filters`. */
export async function abandon(port, count, filters, from) {
  for (let n = 0; n < count; n++) {
    const made = await signedIn(port, `gone-${from}-${n}`, { clean: false, from });
    const answered = Promise.race([answer(made.socket), made.gone]);
    await made.send(subscribePacket(filters));
    await answered;
    made.socket.destroy();
  }
}

/**
 * Sends `next(n)` until `count` or for half a minute, and connects again when cut. Waits at the end until the gateway has taken all
 * of it: its answer to a PINGREQ comes after what was sent before.
 */
export async function flood(port, count, next, from = '127.0.0.9') {
  let made = await signedIn(port, `flood-${from}-${Math.random()}`, { from });
  const until = Date.now() + floodMs;
  let again = 0;
  for (let n = 0; n < count && Date.now() < until; n += 200) {
    const batch = Buffer.concat(Array.from({ length: Math.min(200, count - n) }, (_, i) => next(n + i)));
    if (await made.send(batch)) continue;
    if (++again > 20) break;
    made = await signedIn(port, `flood-${from}-${Math.random()}`, { from });
  }
  const answered = new Promise((resolve) => {
    made.socket.on('data', (bytes) => {
      if (bytes.at(-2) === 0xd0) resolve();
    });
    made.gone.then(resolve);
  });
  await made.send(Buffer.from([0xc0, 0]));
  await Promise.race([answered, wait(floodMs)]);
  made.socket.destroy();
}
