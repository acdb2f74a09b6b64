import classes from './state-dot.module.css';

/** Colour never tells alone: the state stands beside it in words. */
export function StateDot({ state }: { readonly state: 'up' | 'degraded' | 'down' }) {
  return <span className={classes['dot']} data-state={state} aria-hidden="true" />;
}
