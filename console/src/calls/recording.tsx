import { Button } from '@mantine/core';
import { useState } from 'react';
import { PlayIcon } from '../icons.tsx';
import { type Call, soundUrl } from './calls-api.ts';
import classes from './recording.module.css';

const focus = (player: HTMLAudioElement | null) => player?.focus();

/** What a call sounded like. Nothing is fetched before someone wants to hear it. */
export function Recording({ call }: { readonly call: Call }) {
  const [state, setState] = useState<'closed' | 'open' | 'gone'>('closed');
  switch (state) {
    case 'closed':
      return (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<PlayIcon />}
          aria-label={`Play the call to ${call.to}`}
          onClick={() => setState('open')}
        >
          Play
        </Button>
      );
    case 'open':
      return (
        // biome-ignore lint/a11y/useMediaCaption: what is said stands above it, word for word
        <audio
          className={classes['player']}
          aria-label={`The call to ${call.to}`}
          src={soundUrl(call.id)}
          controls
          autoPlay
          ref={focus}
          onError={() => setState('gone')}
        />
      );
    case 'gone':
      return <span role="status">Its sound is gone: it is kept in memory alone.</span>;
  }
}
