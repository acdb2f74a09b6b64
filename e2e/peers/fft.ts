/** A signal of complex numbers, in two arrays of one length that is a power of two. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The discrete Fourier transform of real samples, padded with zeros to `size`, a power of two. */
export function transform(samples: ArrayLike<number>, size: number): Spectrum {
  const re = new Float64Array(size);
  re.set(samples);
  const signal = { re, im: new Float64Array(size) };
  inPlace(signal);
  return signal;
}

/** The real part of the inverse transform. Overwrites `spectrum`. */
export function inverse(spectrum: Spectrum): Float64Array {
  const { re, im } = spectrum;
  // The inverse is the transform with the two parts exchanged, on both sides.
  inPlace({ re: im, im: re });
  return re.map((value) => value / re.length);
}

/** Cooley and Tukey, radix 2, decimation in time. */
function inPlace({ re, im }: Spectrum): void {
  const size = re.length;
  for (let index = 1, mirror = 0; index < size; index++) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror |= bit;
    if (index < mirror) {
      swap(re, index, mirror);
      swap(im, index, mirror);
    }
  }
  for (let span = 2; span <= size; span *= 2) {
    const half = span / 2;
    for (let offset = 0; offset < half; offset++) {
      const angle = (-2 * Math.PI * offset) / span;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let low = offset; low < size; low += span) butterfly(re, im, low, low + half, cos, sin);
    }
  }
}

function butterfly(re: Float64Array, im: Float64Array, low: number, high: number, cos: number, sin: number): void {
  const [a, b, c, d] = [re[low] ?? 0, im[low] ?? 0, re[high] ?? 0, im[high] ?? 0];
  const real = c * cos - d * sin;
  const imaginary = c * sin + d * cos;
  re[low] = a + real;
  im[low] = b + imaginary;
  re[high] = a - real;
  im[high] = b - imaginary;
}

function swap(array: Float64Array, a: number, b: number): void {
  const kept = array[a] ?? 0;
  array[a] = array[b] ?? 0;
  array[b] = kept;
}
