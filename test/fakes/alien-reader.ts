import { createServer, type Socket } from 'node:net';
import { listen } from './listen.ts';

const banner = [
  '',
  '***********************************************',
  '*',
  '* Alien Technology : RFID Reader',
  '*',
  '***********************************************',
  '',
].join('\r\n');

export type AlienReader = {
  readonly port: number;
  /** Whole lines that came, those of each connection in one list. */
  readonly connections: string[][];
  /** Lets this pair in from now on. */
  allow(username: string, password: string): void;
  /** Asks all who are in for their name again. */
  askAgain(): void;
  close(): Promise<void>;
};

export type AlienOptions = {
  /** Writes a text to the socket; by default as it is. */
  readonly send?: (socket: Socket, text: string) => void;
  /** What ends a prompt. */
  readonly promptEnd?: string;
  /** Whether it says `Alien>` to whom it let in. */
  readonly saysReady?: boolean;
};

const prompt = (name: string, end: string) => `\r\n${name}>${end}`;

/** A reader with Alien's text protocol over TCP, which asks who is there; the pair is asked for until it is right. */
export async function startAlienReader(options: AlienOptions = {}): Promise<AlienReader> {
  const { send = (socket, text) => void socket.write(text, 'latin1'), promptEnd = '\0', saysReady = true } = options;
  const pair = { username: 'alien', password: 'password' };
  const connections: string[][] = [];
  const inside = new Set<() => void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const lines: string[] = [];
    connections.push(lines);
    sockets.add(socket);
    let user: string | null = null;
    let isIn = false;
    const ask = () => {
      isIn = false;
      user = null;
      send(socket, prompt('Username', promptEnd));
    };
    const logIn = (name: string, password: string) => {
      isIn = name === pair.username && password === pair.password;
      if (!isIn) {
        send(socket, '\r\nError: Invalid Username and/or Password.');
        return ask();
      }
      inside.add(ask);
      if (saysReady) send(socket, prompt('Alien', '\0'));
    };
    const take = (line: string) => {
      lines.push(line);
      if (isIn) send(socket, answerTo(line));
      else if (user !== null) logIn(user, line);
      else {
        user = line;
        send(socket, prompt('Password', promptEnd));
      }
    };
    socket.on('error', () => undefined);
    socket.on('data', linesOf(take));
    send(socket, banner + prompt('Username', promptEnd));
  });
  const port = await listen(server);
  return {
    port,
    connections,
    allow: (username, password) => void Object.assign(pair, { username, password }),
    askAgain: () => {
      for (const ask of inside) ask();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Cuts what comes into lines. */
function linesOf(take: (line: string) => void): (bytes: Buffer) => void {
  let rest = '';
  return (bytes) => {
    rest += bytes.toString('utf8');
    const whole = rest.split('\r\n');
    rest = whole.pop() ?? '';
    for (const line of whole) take(line);
  };
}

function answerTo(line: string): string {
  const command = line.replace('\u0001', '');
  if (command === 't')
    return 'Tag:3034 257B F719 4E40 0000 1A85, Disc:2026/11/30 10:00:00, Last:2026/11/30 10:00:01, Count:3, Ant:0, Proto:2\r\n\0';
  const set = /^set (\w+) = (.*)$/.exec(command);
  return set === null ? 'Error 1: Command not understood.\r\n\0' : `${set[1]} = ${set[2]}\r\n\0`;
}
