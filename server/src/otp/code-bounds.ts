/** Characters of a code that a caller brings along, or has drawn: a shorter one is soon guessed, a longer one is typed wrong. */
export const CODE_LENGTH = { least: 4, most: 10 } as const;

/** How long a code may live, seconds. */
export const CODE_TTL = { least: 60, most: 86_400 } as const;
