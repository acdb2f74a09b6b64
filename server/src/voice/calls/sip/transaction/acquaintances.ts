/** The addresses that we have sent requests to. What they send is likely to be about calls of ours. */
export interface Acquaintances {
  met(address: string): void;
  known(address: string): boolean;
}

const MOST = 1024;

export function acquaintances(): Acquaintances {
  const addresses = new Set<string>();
  return {
    met(address) {
      // The order of the set is that of meeting: who was not met for longest is forgotten.
      addresses.delete(address);
      addresses.add(address);
      const [oldest] = addresses;
      if (addresses.size > MOST && oldest !== undefined) addresses.delete(oldest);
    },
    known: (address) => addresses.has(address),
  };
}
