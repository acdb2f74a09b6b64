import { Center, Loader } from '@mantine/core';
import { Dashboard } from './dashboard.tsx';
import { SignIn } from './session/sign-in.tsx';
import { useSession } from './session/use-session.ts';

export function App() {
  const { session, refresh, leave } = useSession();
  switch (session.kind) {
    case 'asking':
      return (
        <Center h="100vh">
          <Loader aria-label="Loading" />
        </Center>
      );
    case 'signed_out':
      return <SignIn trouble={session.trouble} onSignedIn={refresh} />;
    case 'signed_in':
      return <Dashboard status={session.status} stale={session.stale} onEnded={refresh} onSignOut={leave} />;
  }
}
