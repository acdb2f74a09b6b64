import { Button } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import classes from './keypad.module.css';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const NAMES: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' };

interface Props {
  readonly onPress: (key: string) => void;
}

/** The keys of a phone; those of a keyboard do the same while one of them has the focus. */
export function Keypad({ onPress }: Props) {
  function type({ key, altKey, ctrlKey, metaKey }: KeyboardEvent) {
    if (!altKey && !ctrlKey && !metaKey && KEYS.some((known) => known === key)) onPress(key);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div className={classes['keypad']} role="group" aria-label="Keypad" onKeyDown={type}>
      {KEYS.map((key, i) => (
        <Button
          key={key}
          variant="default"
          size="md"
          autoFocus={i === 0}
          aria-label={NAMES[key] ?? key}
          onClick={() => onPress(key)}
        >
          {key}
        </Button>
      ))}
    </div>
  );
}
