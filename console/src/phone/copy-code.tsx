import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core';
import { CheckIcon, CopyIcon } from '../icons.tsx';
import classes from './entry.module.css';

export function CopyCode({ code }: { readonly code: string }) {
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
