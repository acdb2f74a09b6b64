import { Button, Code, CopyButton, Stack, Text } from '@mantine/core';
import { BellMark } from '../bell-mark.tsx';

/** What to do when nothing has arrived yet. */
export function EmptyPhone() {
  const command = firstCode(window.location.origin);
  return (
    <Stack align="center" gap="sm" py={40} px="md">
      <BellMark size={56} />
      <Text fw={600} fz={17} mt="xs">
        Nothing yet
      </Text>
      <Text size="sm" c="var(--soft)" ta="center" maw={440}>
        Codes sent with a test key arrive here as messages and calls, and nowhere else. Send the first one:
      </Text>
      <Code block w="100%" maw={640} p="md" mt="xs" tabIndex={0}>
        {command}
      </Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy}>
            {copied ? 'Copied' : 'Copy the command'}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}

function firstCode(origin: string): string {
  return [
    `curl ${origin}/api/v1/auths/send/otp/ \\`,
    `  -H "Authorization: Bearer $PASSBELL_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"number":"9851023212","message":"Your code is {otp}","sms_send_options":"text"}'`,
  ].join('\n');
}
