import { Group, Loader, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { CallUnderWay } from '../calls/call-under-way.tsx';
import { EndedCall } from '../calls/ended-call.tsx';
import { useLiveSound } from '../calls/use-live-sound.ts';
import { Card } from '../card.tsx';
import { MessageItem } from '../messages/message-item.tsx';
import { EmptyPhone } from './empty-phone.tsx';
import classes from './phone.module.css';
import { callsUnderWay, idOf, isUnderWay, numberOf } from './timeline.ts';
import { useNow } from './use-now.ts';
import { type Line, usePhone } from './use-phone.ts';
import { useRingingTitle } from './use-ringing-title.ts';

const LINES = { connecting: 'connecting', live: 'live', broken: 'reconnecting' } as const;

/** What reached the sandbox phone, as it arrives: calls under way first, then messages and calls as they came. */
export function Phone({ onEnded }: { readonly onEnded: () => Promise<void> }) {
  const { entries, line, addCalls } = usePhone(onEnded);
  const [filter, setFilter] = useState('');
  const digits = filter.replace(/\D/g, '');
  const shown = (entries ?? []).filter((entry) => numberOf(entry).includes(digits));
  const rest = shown.filter((entry) => !isUnderWay(entry));
  const underWay = callsUnderWay(entries ?? []);
  const ringing = underWay.find((call) => call.state === 'ringing');
  const now = useNow(underWay.length > 0 ? 1_000 : 5_000);
  const ear = useLiveSound(underWay);
  useRingingTitle(ringing?.to ?? null);

  return (
    <Card title="Sandbox phone" aside={<LineState line={line} />}>
      {entries === null ? (
        <Group justify="center" py={80}>
          <Loader aria-label="Loading messages and calls" />
        </Group>
      ) : entries.length === 0 ? (
        <EmptyPhone />
      ) : (
        <Stack gap="md">
          <TextInput
            aria-label="Show one number"
            placeholder="Show one number only, e.g. 9851023212"
            inputMode="tel"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          {shown.length > rest.length && (
            <ol className={classes['list']} aria-label="Calls under way">
              {callsUnderWay(shown).map((call) => (
                <CallUnderWay
                  key={call.id}
                  call={call}
                  now={now}
                  ear={ear}
                  onChanged={(changed) => addCalls([changed])}
                />
              ))}
            </ol>
          )}
          <ol className={classes['list']} aria-label="Messages and calls, newest first">
            {rest.map((entry) =>
              entry.kind === 'call' ? (
                <EndedCall key={idOf(entry)} call={entry.call} now={now} />
              ) : (
                <MessageItem key={idOf(entry)} message={entry.message} now={now} />
              ),
            )}
          </ol>
          {shown.length === 0 && (
            <Text size="sm" c="var(--soft)" ta="center" py="xl">
              Nothing came to that number.
            </Text>
          )}
        </Stack>
      )}
      <VisuallyHidden role="status">
        {ringing
          ? `A call to ${ringing.to} is ringing`
          : rest[0]
            ? `Newest ${rest[0].kind} to ${numberOf(rest[0])}`
            : ''}
      </VisuallyHidden>
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
