/**
 * How likely the χ² of an honest source is `value` or more: Q(degrees / 2, value / 2), the regularized upper incomplete gamma function
 * (NIST DLMF §8.2). Exact to about twelve digits of it, also where it is tiny.
 *
 * @param value 0 or more
 * @param degrees of freedom, 1 or more
 */
export function chiSquareTail(value: number, degrees: number): number {
  const a = degrees / 2;
  const x = value / 2;
  if (x === 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x);
}

/** DLMF 8.7.1 by its terms: converges fast where x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > sum * Number.EPSILON; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/** DLMF 8.9.2 by Lentz's method: converges fast where x > a + 1. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return fraction;
}

/** ln Γ at half a whole number, which is all that χ² asks for: from Γ(½) = √π or Γ(1) = 1 upwards. */
function logGamma(a: number): number {
  const start = Number.isInteger(a) ? 1 : 0.5;
  let sum = start === 1 ? 0 : Math.log(Math.PI) / 2;
  for (let n = start; n < a; n++) sum += Math.log(n);
  return sum;
}
