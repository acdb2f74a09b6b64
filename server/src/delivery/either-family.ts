import type { TrunkHost } from '../voice/calls/sip/open-trunk.ts';

type Listen = TrunkHost['listen'];

/** Opens on both families of addresses, or on IPv4 alone where a machine has no IPv6: it has calls all the same. */
export async function eitherFamily<T>(listen: Listen, open: (listen: Listen) => Promise<T>): Promise<T> {
  try {
    return await open(listen);
  } catch (error) {
    const noV6 = (error as NodeJS.ErrnoException).code === 'EAFNOSUPPORT' && listen.v4 !== null && listen.v6 !== null;
    if (!noV6) throw error;
    return open({ ...listen, v6: null });
  }
}
