const LONGEST = 255;

/**
 * The path of a file as the audio store has it: from the account's root, with a slash before it, lower case. It is looked up
 * as a row, and never opened as a file; what could mean another place is refused all the same.
 */
export function parseAudioPath(text: string): { readonly path: string } | { readonly fault: string } {
  const path = `/${text.replace(/^\//, '')}`.toLowerCase();
  if (path.length > LONGEST) return { fault: `must have ${LONGEST} characters or fewer, as the path of a file` };
  // Percent signs: nobody downstream is to find `..%2f` and make something of it.
  if (/[\p{C}\\%?#*"<>|:]/u.test(path)) {
    return { fault: 'must be the path of a file, as in "/prompts/intro.wav": letters, digits, - _ and slashes' };
  }
  const steps = path.slice(1).split('/');
  if (steps.some((step) => step === '' || step.startsWith('.') || step.includes('..') || step !== step.trim())) {
    return { fault: 'must be a path from the root of the audio store, as in "/prompts/intro.wav", without . or ..' };
  }
  return path.endsWith('.wav') ? { path } : { fault: 'must name a .wav file, as in "/prompts/intro.wav"' };
}
