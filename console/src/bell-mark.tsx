import bell from './bell.svg';

export function BellMark({ size }: { readonly size: number }) {
  return <img src={bell} width={size} height={size} alt="" />;
}
