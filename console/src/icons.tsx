import type { ReactNode } from 'react';

function icon(path: ReactNode) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {path}
    </svg>
  );
}

export const SunIcon = () =>
  icon(
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
    </>,
  );

export const MoonIcon = () => icon(<path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z" />);

export const SignOutIcon = () => icon(<path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9" />);

export const CopyIcon = () =>
  icon(
    <>
      <rect x="9" y="9" width="11" height="11" rx="2" />
      <path d="M5 15H4V6a2 2 0 0 1 2-2h9v1" />
    </>,
  );

export const CheckIcon = () => icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);

const HANDSET =
  'M6.5 3.5h2.2a1 1 0 0 1 1 .8l.7 3.1a1 1 0 0 1-.4 1l-1.7 1.2a12.5 12.5 0 0 0 6.1 6.1l1.2-1.7a1 1 0 0 1 1-.4l3.1.7a1 1 0 0 1 .8 1v2.2a2 2 0 0 1-2 2A15.9 15.9 0 0 1 4.5 5.5a2 2 0 0 1 2-2Z';

export const PhoneIcon = () => icon(<path d={HANDSET} />);

export const HangUpIcon = () => icon(<path d={HANDSET} transform="rotate(135 12 12)" />);

export const MessageIcon = () =>
  icon(<path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-4.5 3.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z" />);

export const SoundIcon = () =>
  icon(<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />);

export const MutedIcon = () => icon(<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5" />);

export const KeypadIcon = () =>
  icon(<path d="M6 5.5h.01M12 5.5h.01M18 5.5h.01M6 12h.01M12 12h.01M18 12h.01M6 18.5h.01M12 18.5h.01M18 18.5h.01" />);

export const PlayIcon = () => icon(<path d="M8 5.5v13l10.5-6.5L8 5.5Z" />);
