import { Button, Group, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { HangUpIcon, KeypadIcon, MutedIcon, SoundIcon } from '../icons.tsx';
import { act, type Call, pressKeys } from './calls-api.ts';
import { Keypad } from './keypad.tsx';
import type { Run } from './run.ts';
import type { Ear } from './use-live-sound.ts';

interface Props {
  readonly call: Call;
  readonly ear: Ear;
  readonly run: Run;
}

export function AnsweredActions({ call, ear, run }: Props) {
  const [open, setOpen] = useState(false);
  const keypad = useId();
  const heard = ear.at === call.id;
  const press = (key: string) => run(pressKeys(call.id, key));

  return (
    <>
      <Group gap="sm" mt="sm">
        <Button variant="default" aria-label="Press 1" onClick={() => press('1')}>
          1
        </Button>
        <Button
          variant="default"
          leftSection={<KeypadIcon />}
          aria-expanded={open}
          aria-controls={keypad}
          onClick={() => setOpen(!open)}
        >
          Keypad
        </Button>
        <Button
          variant="default"
          leftSection={heard ? <MutedIcon /> : <SoundIcon />}
          onClick={() => (heard ? ear.mute() : ear.listen(call.id))}
        >
          {heard ? 'Mute' : 'Listen'}
        </Button>
        <Button color="red.9" leftSection={<HangUpIcon />} ml="auto" onClick={() => run(act(call.id, 'hangup'))}>
          Hang up
        </Button>
      </Group>
      <div id={keypad}>{open && <Keypad onPress={press} />}</div>
      {call.keys !== '' && (
        <Text size="sm" c="var(--soft)" mt="sm">
          Keys pressed: {Array.from(call.keys).join(' ')}
        </Text>
      )}
    </>
  );
}
