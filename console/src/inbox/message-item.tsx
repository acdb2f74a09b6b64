import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core';
import type { Message } from '../api.ts';
import { CheckIcon, CopyIcon } from '../icons.tsx';
import { codeInText } from './code-in-text.ts';
import classes from './message-item.module.css';
import { since } from './since.ts';

const ENCODINGS = { gsm7: 'GSM-7', ucs2: 'UCS-2' } as const;

interface Props {
  readonly message: Message;
  readonly now: number;
}

export function MessageItem({ message, now }: Props) {
  const pieces = codeInText(message.text);
  const at = Date.parse(message.received_at);
  return (
    <li className={classes['item']}>
      <div className={classes['body']}>
        <div>
          <div className={classes['head']}>
            <span className={classes['to']}>{message.to}</span>
            {message.from !== null && <span>from {message.from}</span>}
            <time dateTime={message.received_at} title={new Date(at).toLocaleString('en-GB')}>
              {since(at, now)}
            </time>
          </div>
          <p className={classes['text']}>
            {pieces === null ? (
              message.text
            ) : (
              <>
                {pieces.before}
                <mark>{pieces.code}</mark>
                {pieces.after}
              </>
            )}
          </p>
        </div>
        {pieces !== null && <CodeButton code={pieces.code} />}
      </div>
      <details className={classes['air']}>
        <summary>{onAir(message)}</summary>
        <pre>{message.parts.map(spaced).join('\n\n')}</pre>
      </details>
    </li>
  );
}

function CodeButton({ code }: { readonly code: string }) {
  return (
    <CopyButton value={code}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy the code'}>
          <UnstyledButton className={classes['code'] ?? ''} onClick={copy} aria-label={`Copy the code ${code}`}>
            {code}
            {copied ? <CheckIcon /> : <CopyIcon />}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
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
