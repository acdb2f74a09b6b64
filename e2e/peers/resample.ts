/** Samples of the kernel on each side: aliases stay below −60 dB, and no decoder of tones asks for more. */
const REACH = 16;

/** The sound at another, not lower, rate: sinc interpolation under a Hann window. For tests' ears; the service has its own. */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  const step = from / to;
  if (step > 1) throw new RangeError(`from ${from} Hz down to ${to} Hz`);
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const centre = index * step;
    const first = Math.ceil(centre - REACH);
    let value = 0;
    for (let at = first; at < centre + REACH; at++) value += (samples[at] ?? 0) * kernel(at - centre);
    return Math.max(-32_768, Math.min(32_767, Math.round(value)));
  });
}

function kernel(distance: number): number {
  if (distance === 0) return 1;
  const angle = Math.PI * distance;
  return (Math.sin(angle) / angle) * (0.5 + 0.5 * Math.cos(angle / REACH));
}
