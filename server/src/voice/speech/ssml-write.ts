import { escapeText } from './markup.ts';
import type { SsmlNode } from './ssml.ts';

/** Markup written anew from what was understood: it holds nothing that the parser did not let in. */
export function writeSsml(nodes: readonly SsmlNode[]): string {
  return `<speak>${nodes.map(write).join('')}</speak>`;
}

function write(node: SsmlNode): string {
  switch (node.kind) {
    case 'text':
      return escapeText(node.text);
    case 'break':
      return `<break time="${node.ms}ms"/>`;
    case 'element': {
      const attributes = Array.from(node.attributes, ([name, value]) => ` ${name}="${value}"`).join('');
      return `<${node.name}${attributes}>${node.children.map(write).join('')}</${node.name}>`;
    }
    default:
      return node satisfies never;
  }
}

/** What an engine without SSML can do of it: words, and silence between them. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'silence'; readonly ms: number };

/** The words and breaks of a prompt, in order. What is to be spelled is spelled; emphasis and prosody are lost. */
export function spokenPieces(nodes: readonly SsmlNode[]): readonly Piece[] {
  const pieces: Piece[] = [];

  function add(node: SsmlNode, spelled: boolean): void {
    switch (node.kind) {
      case 'break':
        pieces.push({ kind: 'silence', ms: node.ms });
        return;
      case 'element':
        for (const child of node.children) add(child, spelled || node.name === 'say-as');
        return;
      case 'text': {
        const text = spelled ? ` ${Array.from(node.text).join(', ')} ` : node.text;
        const last = pieces.at(-1);
        if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + text };
        else pieces.push({ kind: 'text', text });
        return;
      }
      default:
        node satisfies never;
    }
  }

  for (const node of nodes) add(node, false);
  return pieces;
}
