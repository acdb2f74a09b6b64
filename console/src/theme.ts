import { createTheme } from '@mantine/core';

/** From text to page: blue-grey where Mantine's own is neutral. */
const dark = [
  '#eceef6',
  '#c3c8da',
  '#9aa0b5',
  '#6d7389',
  '#3a3f54',
  '#2d3244',
  '#1f2331',
  '#181b27',
  '#12141f',
  '#0b0d15',
] as const;

export const theme = createTheme({
  colors: { dark },
  primaryColor: 'indigo',
  primaryShade: 7,
  defaultRadius: 'md',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
});
