import { Group, Loader, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../card.tsx';
import { EmptyInbox } from './empty-inbox.tsx';
import classes from './inbox.module.css';
import { MessageItem } from './message-item.tsx';
import { type Line, useInbox } from './use-inbox.ts';
import { useNow } from './use-now.ts';

const LINES = { connecting: 'connecting', live: 'live', broken: 'reconnecting' } as const;

/** What reached the sandbox phone, as it arrives. */
export function Inbox({ onEnded }: { readonly onEnded: () => Promise<void> }) {
  const { messages, line } = useInbox(onEnded);
  const [filter, setFilter] = useState('');
  const now = useNow(5_000);
  const digits = filter.replace(/\D/g, '');
  const shown = (messages ?? []).filter((message) => message.to.includes(digits));

  return (
    <Card title="Sandbox phone" aside={<LineState line={line} />}>
      {messages === null ? (
        <Group justify="center" py={80}>
          <Loader aria-label="Loading messages" />
        </Group>
      ) : messages.length === 0 ? (
        <EmptyInbox />
      ) : (
        <Stack gap="md">
          <TextInput
            aria-label="Show messages to a number"
            placeholder="Show one number only, e.g. 9851023212"
            inputMode="tel"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <ol className={classes['list']} aria-label="Messages, newest first">
            {shown.map((message) => (
              <MessageItem key={message.id} message={message} now={now} />
            ))}
          </ol>
          {shown.length === 0 && (
            <Text size="sm" c="var(--soft)" ta="center" py="xl">
              No message to that number.
            </Text>
          )}
        </Stack>
      )}
      <VisuallyHidden role="status">{messages?.[0] ? `Newest message to ${messages[0].to}` : ''}</VisuallyHidden>
    </Card>
  );
}

function LineState({ line }: { readonly line: Line }) {
  return (
    <Group gap={10}>
      <span className={classes['pulse']} data-line={line} aria-hidden="true" />
      <Text size="sm">{LINES[line]}</Text>
    </Group>
  );
}
