import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Refused, signIn } from '../api.ts';
import { BellMark } from '../bell-mark.tsx';

interface Props {
  /** Why the service could not be asked, if so. */
  readonly trouble: string | null;
  readonly onSignedIn: () => Promise<void>;
}

export function SignIn({ trouble, onSignedIn }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      await signIn(String(form.get('email')), String(form.get('password')));
      await onSignedIn();
    } catch (error) {
      setFailure(sentence(error));
      setBusy(false);
    }
  }

  const message = failure ?? trouble;
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper
        component="form"
        onSubmit={submit}
        withBorder
        shadow="sm"
        radius="lg"
        p={32}
        w="100%"
        maw={400}
        bg="var(--card)"
      >
        <Stack gap="lg">
          <Stack gap="xs" align="center">
            <BellMark size={52} />
            <Title order={1} fz={22}>
              Passbell
            </Title>
            <Text size="sm" c="var(--soft)">
              Sign in to see what runs.
            </Text>
          </Stack>
          {message !== null && (
            <Alert color="red" role="alert" variant="light">
              {message}
            </Alert>
          )}
          <Stack gap="sm">
            <TextInput
              name="email"
              type="email"
              label="E-mail"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
            />
            <PasswordInput
              name="password"
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
            />
          </Stack>
          <Button type="submit" loading={busy} fullWidth size="md">
            Sign in
          </Button>
          <Text size="xs" c="var(--soft)" ta="center">
            Both were printed at the first start.
          </Text>
        </Stack>
      </Paper>
    </Center>
  );
}

function sentence(error: unknown): string {
  if (!(error instanceof Refused)) return String(error);
  return error.status === 401 ? 'E-mail or password is wrong.' : error.message;
}
