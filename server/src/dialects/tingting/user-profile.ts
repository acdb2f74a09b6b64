import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import type { User } from '../../store/tables/users.ts';
import { callerOf } from './authenticate.ts';

/** `GET …/user-profile/`: who is signed in. A key speaks for its account, so it shows the user that the account's login names. */
export function showsProfile({ store }: Pick<AppDeps, 'store'>) {
  async function userOf({ account, via }: Caller): Promise<User | null> {
    if (via.kind === 'session') return store.users.get(via.userId);
    const user = await store.users.byEmail(account.login.toLowerCase());
    return user?.accountId === account.id ? user : null;
  }

  return async (request: FastifyRequest) => {
    const caller = callerOf(request);
    const user = await userOf(caller);
    // Signed in, and deleted since.
    if (user === null && caller.via.kind === 'session') throw new PassbellError('unauthorized', { reason: 'unknown' });
    const { account } = caller;
    const { firstName, lastName, contactNumber, address } = user?.profile ?? {
      firstName: account.name,
      lastName: '',
      contactNumber: null,
      address: null,
    };
    const login = user?.email ?? account.login;
    return {
      id: user?.id ?? account.id,
      user: { first_name: firstName, last_name: lastName, username: login, email: login },
      profile_picture: null,
      contact_no: contactNumber,
      address,
      // Passbell asks nobody to prove their own number.
      is_verified_contact: false,
    };
  };
}
