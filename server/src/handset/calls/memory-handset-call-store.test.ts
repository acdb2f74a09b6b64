import { handsetCallContract } from '../../store/contract/handset-calls.ts';
import { memoryHandsetCallStore } from './memory-handset-call-store.ts';

handsetCallContract(async () => ({ calls: memoryHandsetCallStore().handsetCalls, close: async () => {} }));
