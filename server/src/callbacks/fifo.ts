/** First in, first out, without moving the rest at every take. */
export interface Fifo<Item> {
  readonly length: number;
  push(item: Item): void;
  take(): Item | undefined;
}

export function fifo<Item>(): Fifo<Item> {
  let items: (Item | undefined)[] = [];
  let head = 0;
  return {
    get length() {
      return items.length - head;
    },
    push(item) {
      items.push(item);
    },
    take() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      // Give the taken half back once it is the larger one: each item is moved at most once on average.
      if (head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
