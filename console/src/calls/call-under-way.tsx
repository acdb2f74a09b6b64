import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { PhoneIcon } from '../icons.tsx';
import { CopyCode } from '../phone/copy-code.tsx';
import entry from '../phone/entry.module.css';
import { MarkedText } from '../phone/marked-text.tsx';
import { duration } from '../service/duration.ts';
import { AnsweredActions } from './answered-actions.tsx';
import classes from './call-under-way.module.css';
import { Caller } from './caller.tsx';
import type { Call } from './calls-api.ts';
import { RingingActions } from './ringing-actions.tsx';
import type { Run } from './run.ts';
import { spokenCode } from './spoken-code.ts';
import type { Ear } from './use-live-sound.ts';

interface Props {
  readonly call: Call;
  readonly now: number;
  readonly ear: Ear;
  readonly onChanged: (call: Call) => void;
}

/** A call that rings or was answered, and what a callee can do about it. */
export function CallUnderWay({ call, now, ear, onChanged }: Props) {
  const item = useRef<HTMLLIElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const pieces = spokenCode(call.transcript);
  const rings = call.state === 'ringing';
  const since = Date.parse(call.answered_at ?? call.started_at);

  // The button that was pressed is gone by then, and the focus with it.
  useEffect(() => {
    if (!rings && document.activeElement === document.body) item.current?.focus({ preventScroll: true });
  }, [rings]);

  const run: Run = async (doing) => {
    try {
      onChanged(await doing);
      setTrouble(null);
      return true;
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
      return false;
    }
  };

  return (
    <li
      ref={item}
      tabIndex={-1}
      className={classes['call']}
      data-state={call.state}
      aria-label={`Call to ${call.to}, ${call.state}`}
    >
      <div className={entry['head']}>
        <span className={classes['icon']}>
          <PhoneIcon />
        </span>
        <span className={entry['to']}>{call.to}</span>
        <Caller call={call} />
        <span className={classes['state']}>
          {rings ? 'ringing' : 'answered'} · {duration((now - since) / 1000)}
        </span>
      </div>
      {!rings && (
        <div className={classes['said']}>
          <p className={entry['text']} role="log" aria-label="What is said">
            {call.transcript === '' ? '…' : <MarkedText text={call.transcript} pieces={pieces} />}
          </p>
          {pieces !== null && <CopyCode code={pieces.code} />}
        </div>
      )}
      {rings ? <RingingActions call={call} ear={ear} run={run} /> : <AnsweredActions call={call} ear={ear} run={run} />}
      {trouble !== null && (
        <Text size="sm" c="var(--alarm)" role="alert" mt="xs">
          {trouble}
        </Text>
      )}
    </li>
  );
}
