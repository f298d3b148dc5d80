import { type Json, putAt } from '../messages/control/json.ts';
import { isObject } from '../messages/values.ts';
import type { CommandRequest, MessageCommands } from '../profile/command-profile.ts';
import type { MessageProfile } from '../profile/message-profile.ts';

/** Whether a simulated reader reads, and how. */
export type DeviceState = { active: boolean; mode: Json };

type Answer = { readonly status: number; readonly body: unknown };
type Row = { readonly request: CommandRequest | undefined; run(body: unknown): Answer };

const identity: Readonly<Record<string, string>> = {
  serial: 'SIMULATED-1',
  firmware: '1.0.0',
  radioFirmware: '2.0.0',
  region: 'Taiwan',
  standard: 'NCC',
};

/** What a simulated reader says of itself under one of our names. */
export function identityOf(name: string, models: readonly string[]): string {
  return name === 'model' ? (models[0] ?? '') : (identity[name] ?? '');
}

const notFound: Answer = { status: 404, body: null };
const noContent: Answer = { status: 204, body: null };

/** What the reader answers over REST: no content where there is nothing to say, 404 for what it does not know. */
export function restAnswers({ commands, models }: MessageProfile, state: DeviceState) {
  const rows = commands?.over === 'rest' ? rowsOf(commands, models, state) : [];
  return (method: string, path: string, body: unknown): Answer => {
    const row = rows.find(({ request }) => request?.method === method && fits(request.path ?? '', path));
    return row === undefined ? notFound : row.run(body);
  };
}

function rowsOf(commands: MessageCommands, models: readonly string[], state: DeviceState): Row[] {
  const { start, stop, mode, active, identify } = commands;
  const turn = (on: boolean) => () => {
    state.active = on;
    return noContent;
  };
  const set = (body: unknown): Answer => {
    if (!isObject(body)) return { status: 400, body: { message: 'no preset' } };
    state.mode = body;
    return noContent;
  };
  const tell = (fields: MessageCommands['identify'][number]['fields'], path: string | undefined): Answer => {
    const said: Json = {};
    for (const [name, paths] of Object.entries(fields)) putAt(said, paths[0] ?? '', identityOf(name, models));
    if (path === active.ask.path) putAt(said, active.at[0] ?? '', state.active ? active.is[0] : 'idle');
    return { status: 200, body: said };
  };
  return [
    { request: start, run: turn(true) },
    { request: stop, run: turn(false) },
    { request: mode?.get, run: () => ({ status: 200, body: state.mode }) },
    { request: mode?.set, run: set },
    ...identify.map(({ ask, fields }) => ({ request: ask, run: () => tell(fields, ask.path) })),
  ];
}

function fits(template: string, path: string): boolean {
  const [before = '', after = ''] = template.split(/\{\w+\}/);
  return template.includes('{') ? path.startsWith(before) && path.endsWith(after) : path === template;
}
