/** Microseconds on the machine's monotonic clock: readings taken in different processes can be subtracted. */
export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
