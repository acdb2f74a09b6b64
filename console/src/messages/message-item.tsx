import type { Message } from '../api.ts';
import { MessageIcon } from '../icons.tsx';
import { CopyCode } from '../phone/copy-code.tsx';
import classes from '../phone/entry.module.css';
import { MarkedText } from '../phone/marked-text.tsx';
import { TimeAgo } from '../phone/time-ago.tsx';
import { writtenCode } from './written-code.ts';

const ENCODINGS = { gsm7: 'GSM-7', ucs2: 'UCS-2' } as const;

interface Props {
  readonly message: Message;
  readonly now: number;
}

export function MessageItem({ message, now }: Props) {
  const pieces = writtenCode(message.text);
  return (
    <li className={classes['item']}>
      <div className={classes['body']}>
        <div>
          <div className={classes['head']}>
            <MessageIcon />
            <span className={classes['to']}>{message.to}</span>
            {message.from !== null && <span>from {message.from}</span>}
            <TimeAgo at={message.received_at} now={now} />
          </div>
          <p className={classes['text']}>
            <MarkedText text={message.text} pieces={pieces} />
          </p>
        </div>
        {pieces !== null && <CopyCode code={pieces.code} />}
      </div>
      <details className={classes['foot']}>
        <summary>{onAir(message)}</summary>
        <pre>{message.parts.map(spaced).join('\n\n')}</pre>
      </details>
    </li>
  );
}

function onAir({ segments, encoding, data_coding, parts }: Message): string {
  const octets = parts.reduce((sum, part) => sum + part.length / 2, 0);
  return `${segments} ${segments === 1 ? 'segment' : 'segments'} · ${ENCODINGS[encoding]} · data coding ${data_coding} · ${octets} octets`;
}

/** `48656c` as `48 65 6c`. */
function spaced(hex: string): string {
  return hex.replace(/..(?=.)/g, '$& ');
}
