import { PhoneIcon } from '../icons.tsx';
import { CopyCode } from '../phone/copy-code.tsx';
import classes from '../phone/entry.module.css';
import { MarkedText } from '../phone/marked-text.tsx';
import { TimeAgo } from '../phone/time-ago.tsx';
import { Caller } from './caller.tsx';
import type { Call } from './calls-api.ts';
import { ending } from './ending.ts';
import { Recording } from './recording.tsx';
import { spokenCode } from './spoken-code.ts';

interface Props {
  readonly call: Call;
  readonly now: number;
}

export function EndedCall({ call, now }: Props) {
  const pieces = spokenCode(call.transcript);
  const facts = [...ending(call), ...(call.keys === '' ? [] : [`keys ${Array.from(call.keys).join(' ')}`])];
  return (
    <li className={classes['item']}>
      <div className={classes['body']}>
        <div>
          <div className={classes['head']}>
            <PhoneIcon />
            <span className={classes['to']}>{call.to}</span>
            <Caller call={call} />
            <TimeAgo at={call.started_at} now={now} />
          </div>
          {call.transcript !== '' && (
            <p className={classes['text']}>
              <MarkedText text={call.transcript} pieces={pieces} />
            </p>
          )}
        </div>
        {pieces !== null && <CopyCode code={pieces.code} />}
      </div>
      <div className={classes['foot']}>
        <span>{facts.join(' · ')}</span>
        {call.answered_at !== null && <Recording call={call} />}
      </div>
    </li>
  );
}
