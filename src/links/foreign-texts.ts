/*
 * Errors of libraries that have no code and say what is wrong in words only. This is the one place that looks at such words;
 * test/edge/links/foreign-texts.test.ts provokes each of them, so that a new version with other words is noticed.
 */

/** serialport, when a port cannot be opened → the system’s code. */
const ofSerialPort: readonly (readonly [text: RegExp, errno: string])[] = [
  [/lock port|busy/i, 'EBUSY'],
  [/permission/i, 'EACCES'],
  [/no such file|no such device/i, 'ENOENT'],
  [/inappropriate ioctl|not a typewriter/i, 'ENOTTY'],
];

/** mqtt, when the other side says nothing. */
const ofMqtt = { 'connack timeout': 'connack', 'Keepalive timeout': 'keepalive' } as const;

/** The system’s code for what serialport says of an opening that failed; '' for words that are not known. */
export function serialErrno({ message }: Error): string {
  return ofSerialPort.find(([text]) => text.test(message))?.[1] ?? '';
}

/** Which answer the MQTT library missed; null where it says something else. */
export function mqttSilence(text: string): 'connack' | 'keepalive' | null {
  return Object.hasOwn(ofMqtt, text) ? ofMqtt[text as keyof typeof ofMqtt] : null;
}
