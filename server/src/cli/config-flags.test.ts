import { Command } from 'commander';
import { expect, it } from 'vitest';
import { flagName, SETTINGS } from '../config-settings.ts';
import { configFlags, flagsOf } from './config-flags.ts';

it('gives every setting a flag, and finds it again under its name', () => {
  const command = configFlags(new Command());
  const argv = SETTINGS.flatMap((setting) => [`--${flagName(setting)}`, `value of ${setting.name}`]);
  command.parse([...argv, '--config', 'x'], { from: 'user' });
  expect(flagsOf(command.opts())).toEqual(Object.fromEntries(SETTINGS.map(({ name }) => [name, `value of ${name}`])));
});

it('gives the settings asked for alone, and reads absent flags as absent', () => {
  const command = configFlags(new Command(), ['data']);
  expect(command.options.map(({ long }) => long)).toEqual(['--data', '--config']);
  expect(flagsOf(command.opts())).toEqual({});
});
