import { Button, Group } from '@mantine/core';
import { HangUpIcon, PhoneIcon } from '../icons.tsx';
import { act, type Call } from './calls-api.ts';
import type { Run } from './run.ts';
import type { Ear } from './use-live-sound.ts';

interface Props {
  readonly call: Call;
  readonly ear: Ear;
  readonly run: Run;
}

export function RingingActions({ call, ear, run }: Props) {
  async function answer() {
    const answered = run(act(call.id, 'answer'));
    // Within the click: later no browser would let the page be heard.
    ear.listen(call.id);
    if (!(await answered)) ear.mute();
  }

  return (
    <Group gap="sm" mt="sm">
      <Button color="teal.9" leftSection={<PhoneIcon />} onClick={answer}>
        Answer
      </Button>
      <Button color="red.9" leftSection={<HangUpIcon />} onClick={() => run(act(call.id, 'reject'))}>
        Decline
      </Button>
    </Group>
  );
}
