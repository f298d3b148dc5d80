import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageProfile, pluginNames } from '../../src/protocols/vocabulary/message-profile.ts';

type Schema = {
  readonly title?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly patternProperties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
};

/** A key of the vocabulary: `[]` stands for each item of a list, `*` for any name. */
export type KeyPath = { readonly path: string; readonly title: string; readonly isRequired: boolean };

/** Every key that a schema knows, in its order. What a maker's own messages hold is not the vocabulary's. */
export function keyPaths(schema: Schema, above = ''): KeyPath[] {
  const { properties = {}, patternProperties = {}, required = [], items, anyOf = [], allOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([key, value]) => {
    const path = above === '' ? key : `${above}.${key}`;
    return [{ path, title: value.title ?? '', isRequired: required.includes(key) }, ...keyPaths(value, path)];
  });
  const inItems = items === undefined ? [] : keyPaths(items, `${above}[]`);
  const ofAnyName = Object.values(patternProperties).flatMap((value) => keyPaths(value, `${above}.*`));
  const variants = [...anyOf, ...allOf].flatMap((variant) => keyPaths(variant, above));
  return [...own, ...inItems, ...ofAnyName, ...variants];
}

/** A profile as its file has it: what it inherits is its parent's use of a key. */
export type ProfileFile = Readonly<Record<string, unknown>> & { readonly id: string };

/** The shipped profiles of message readers. */
export function messageFiles(folder: string): ProfileFile[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const all = files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileFile);
  const kindOf = (file: ProfileFile | undefined): unknown =>
    file === undefined ? undefined : (file['kind'] ?? kindOf(all.find(({ id }) => id === file['extends'])));
  return all.filter((file) => kindOf(file) === 'messages');
}

/** The ids of the profiles that say something with this key; `false`, an empty text, list or object says nothing. */
export function usersOf({ path }: Pick<KeyPath, 'path'>, files: readonly ProfileFile[]): string[] {
  const steps = path.split(/\.|(?=\[\])/);
  return files.filter((file) => valuesAt(file, steps).some(saysSomething)).map(({ id }) => id);
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return [value];
  if (step === '[]') return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).flatMap((inner) => valuesAt(inner, rest));
  if (!Object.hasOwn(value, step)) return [];
  return valuesAt((value as Record<string, unknown>)[step], rest);
}

function saysSomething(value: unknown): boolean {
  if (value === false || value === '' || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** `docs/readers/message-profiles.md`: the whole vocabulary of a message profile, and who uses it. */
export function messageProfilesPage(folder: string): string {
  const files = messageFiles(folder);
  const rows = keyPaths(MessageProfile).map(({ path, title, isRequired }) => {
    const users = usersOf({ path }, files);
    const who = users.length === files.length ? 'all' : users.map((id) => `\`${id}\``).join(' ');
    return `| \`${path}\` | ${isRequired ? 'yes' : 'no'} | ${title} | ${who} |`;
  });
  const plugins = pluginNames.map((name) => {
    const users = files.filter(({ plugin }) => plugin === name).map(({ id }) => `\`${id}\``);
    return `| \`${name}\` | ${users.join(' ')} |`;
  });
  return page(rows, plugins);
}

const page = (rows: readonly string[], plugins: readonly string[]) => `# Profiles of readers that publish messages

<!-- Made by \`npm run docs\` from src/protocols/vocabulary/message-profile.ts and firmware-profiles; a test compares the two. -->

A profile of \`kind: messages\` says with the keys of this table what makers share. The table is all there is: any other key is an error that
names the known ones, and a key stays only while two shipped profiles need it. What one maker needs is code, a *plug-in*, which the profile names.
If your reader's messages only have their values elsewhere, you need no profile: \`generic/json\` takes a [\`map\` in the configuration](generic.md), which
knows more (CSV, bare hex, base64, levels of the topic).

## Every key

\`[]\` is each item of a list. Inside of \`simulate.read\`, \`simulate.heartbeat\`, \`captures[].payload\` and \`captures[].expect[]\` stand messages and outcomes as they are.
\`extends\` (the id of a parent) and \`$schema\` (for your editor) are the loader's and stand in any profile.

| key | needed | says | used by |
|---|---|---|---|
${rows.join('\n')}

## Plug-ins

| name | of |
|---|---|
${plugins.join('\n')}

A plug-in is one file of \`src/protocols/messages/plugins/<maker>/\`, a row of \`src/protocols/messages/plugins.ts\`, and a name in the schema above. Every part of it is optional
(\`src/protocols/messages/plugin.ts\` has the types):

| part | says |
|---|---|
| \`map\` | more places of values, in the full words of a configuration's map; they are looked at behind the profile's own |
| \`takesMap\` | the \`map\` of a reader's configuration takes the place of the profile's |
| \`statusTexts\` | plain texts on the status topic, and whether each means online or offline |
| \`listen\` | what a message says of the reader's condition (inventory, trigger, antennas, complaints, lost reads), and which message is an answer |

Two more tables have rows for a plug-in where there is something to say:

| table | says |
|---|---|
| \`src/readers/messages/dialects.ts\` | what its readers can be asked for, over MQTT or REST: identity, start, stop, activity, mode, limits, tag access |
| \`src/simulators/insides.ts\` | the inside of a simulated reader: its mode, answers, births, wills and overflow |

Your own profile can name any of these plug-ins, or inherit one by \`extends\`; it cannot bring code of its own. A new plug-in passes
\`test/contract/message-plugins.test.ts\`, which runs over every row.

## A profile from before

Keys that served one maker are gone, and a profile that has one is refused with its name. What they said is now said so:

| was | is |
|---|---|
| \`commands\`, \`alarms\`, \`status\`, \`signs\`, \`ok\` and \`errors\` of a rule, \`is: answer\` | the plug-in of that maker |
| a rule with the sign \`heartbeat\` | \`is: heartbeat\` |
| \`mapInConfig: true\` | \`plugin: generic-json\`; \`false\` is left out |
| \`encoding\` of \`id\`, \`pc\` and \`tid\`; \`tidSuffix\`, \`payload\`, \`self\` and other keys of \`map\` | left out where it was \`hex\`; the plug-in of that maker; or \`generic/json\` and a \`map\` in the configuration, which has them all |
| \`map.rssi\` without a unit | \`unit: dBm\` |
| \`simulate.mode\`, \`overflow\`, \`birth\`, \`will\` | the plug-in of that maker |
`;
