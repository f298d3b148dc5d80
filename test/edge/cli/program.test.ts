import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/program.ts';

const namesOf = (root: Command) => root.commands.map((command) => command.name());

describe('the command line', () => {
  it.each(Object.entries(commands))('finds %s where its table says', async (name, load) => {
    const root = new Command();
    (await load())(root);
    expect(namesOf(root)).toContain(name);
  });

  it('has every command of its modules in the table, so that none is out of reach', async () => {
    const root = new Command();
    for (const load of new Set(Object.values(commands))) (await load())(root);
    expect(namesOf(root).sort()).toEqual(Object.keys(commands).sort());
  });
});
