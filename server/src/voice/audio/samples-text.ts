/** Samples as text: little-endian, whatever the machine, for the store may outlive it; in base64. */
export function samplesText(pcm: Int16Array): string {
  const octets = Buffer.alloc(2 * pcm.length);
  // Loops here and below: with an iterator or a function, a minute takes ten times as long.
  for (let i = 0; i < pcm.length; i += 1) octets.writeInt16LE(pcm[i] as number, 2 * i);
  return octets.toString('base64');
}

export function textSamples(text: string): Int16Array {
  const octets = Buffer.from(text, 'base64');
  const pcm = new Int16Array(octets.length >> 1);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = octets.readInt16LE(2 * i);
  return pcm;
}
