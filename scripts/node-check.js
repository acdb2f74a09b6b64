// Plain JavaScript that any Node since 16 can read: it runs before anything that needs the pinned one.
import { readFileSync } from 'node:fs';

const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const pinned = devDependencies.node;
const least = Number.parseInt(pinned, 10);

if (Number.parseInt(process.versions.node, 10) < least) {
  console.error(`
Passbell needs Node ${least} or newer; this is Node ${process.versions.node} (${process.execPath}).

Node ${pinned} comes with \`npm ci\`, but it is put in place by an install script, and those did not run here
(\`--ignore-scripts\`, or \`ignore-scripts=true\` in an .npmrc). One of these mends it:

  npm rebuild node --ignore-scripts=false     run that one install script
  use a Node ${least} of your own                    https://nodejs.org/
`);
  process.exit(1);
}
