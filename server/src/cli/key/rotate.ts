import type { Command } from 'commander';
import { answer } from '../answer.ts';
import { parseDuration, writeDuration } from '../duration.ts';
import { readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { storeFlags, withStore } from '../with-store.ts';
import { keyDocument } from './document.ts';
import { drawNewKey, kindInWords, type NewKeyOptions, newKeyFlags } from './new-key.ts';

interface Options extends NewKeyOptions {
  readonly overlap: string;
}

export function registerKeyRotate(parent: Command, shell: Shell): void {
  const command = parent
    .command('rotate')
    .description('make a key and revoke all others of its kind and mode')
    .option('--overlap <time>', 'how long the old ones still work, as in 24h; 0 revokes them at once', '0');
  storeFlags(newKeyFlags(command)).action((options: Options) =>
    withStore(shell, options, async (books) => {
      const { read, done } = readings();
      const overlapMs = read('--overlap', options.overlap, parseDuration) ?? 0;
      done();
      const { row, text, owner } = await drawNewKey(shell, books, options);
      const revokedAt = shell.clock.now() + overlapMs;
      await books.store.keys.rotate(row, revokedAt);
      const old = overlapMs === 0 ? 'no longer work' : `work for ${writeDuration(overlapMs)} more`;
      answer(
        shell,
        options,
        { ...keyDocument(row), key: text, others_revoked_at: new Date(revokedAt).toISOString() },
        `The new ${kindInWords(row)} for ${owner}, shown this once:\n\n${text}\n\nThe old ones ${old}.\n`,
      );
    }),
  );
}
