import { useEffect } from 'react';

/** Says in the page's title that a phone rings: it is seen from other tabs. @param number null: none does */
export function useRingingTitle(number: string | null): void {
  useEffect(() => {
    if (number === null) return;
    const title = document.title;
    document.title = `${number} is ringing · ${title}`;
    return () => {
      document.title = title;
    };
  }, [number]);
}
