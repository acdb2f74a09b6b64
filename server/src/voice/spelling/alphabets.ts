/** The marks that have names: every printable ASCII character but letters and digits, in the order of their codes. */
export const MARKS = ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** How the characters of a code are called in one language; a name is plain text, so every speech engine can say it. */
export interface Alphabet {
  /** `0` … `9`. */
  readonly digits: readonly string[];
  /** `a` … `z`. */
  readonly letters: readonly string[];
  /** In the order of `MARKS`. */
  readonly marks: readonly string[];
  /** How a capital is told from a small letter; `{}` is the letter. */
  readonly capital: string;
}

function alphabet(digits: string, letters: string, marks: string, capital: string): Alphabet {
  return { digits: digits.split(' '), letters: letters.split(', '), marks: marks.split(', '), capital };
}

function changed(from: Alphabet, key: 'letters' | 'marks', index: number, name: string): Alphabet {
  return { ...from, [key]: from[key].with(index, name) };
}

// Letters are written as they are called, not as themselves: a lone "a" is an article in English and a lone "y" a word in French.
const english = alphabet(
  'zero one two three four five six seven eight nine',
  'A, bee, see, dee, ee, ef, jee, aitch, eye, jay, kay, ell, em, en, oh, pee, cue, are, ess, tee, you, vee, double you, ex, why, zed',
  'space, exclamation mark, quotation mark, hash, dollar sign, percent sign, ampersand, apostrophe, open bracket, close bracket, ' +
    'asterisk, plus, comma, hyphen, dot, slash, colon, semicolon, less than, equals, greater than, question mark, at sign, ' +
    'open square bracket, backslash, close square bracket, caret, underscore, backtick, open brace, vertical bar, close brace, tilde',
  'capital {}',
);

const greek = alphabet(
  'μηδέν ένα δύο τρία τέσσερα πέντε έξι εφτά οκτώ εννέα',
  'έι, μπι, σι, ντι, οι, εφ, τζι, έιτς, άι, τζέι, κέι, ελ, εμ, εν, όου, πι, κιου, αρ, ες, τι, γιου, βι, ντάμπλ γιου, εξ, γουάι, ζεντ',
  'κενό, θαυμαστικό, εισαγωγικά, δίεση, δολάριο, τοις εκατό, εμπορικό και, απόστροφος, άνοιγμα παρένθεσης, κλείσιμο παρένθεσης, ' +
    'αστερίσκος, συν, κόμμα, παύλα, τελεία, κάθετος, άνω και κάτω τελεία, ελληνικό ερωτηματικό, μικρότερο από, ίσον, ' +
    'μεγαλύτερο από, ερωτηματικό, παπάκι, άνοιγμα αγκύλης, ανάποδη κάθετος, κλείσιμο αγκύλης, εκθέτης, κάτω παύλα, βαρεία, ' +
    'άνοιγμα άγκιστρου, κάθετη γραμμή, κλείσιμο άγκιστρου, περισπωμένη',
  'κεφαλαίο {}',
);

const polish = alphabet(
  'zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć',
  'a, be, ce, de, e, ef, gie, ha, i, jot, ka, el, em, en, o, pe, ku, er, es, te, u, fał, wu, iks, igrek, zet',
  'spacja, wykrzyknik, cudzysłów, krzyżyk, dolar, procent, ampersand, apostrof, nawias otwierający, nawias zamykający, gwiazdka, ' +
    'plus, przecinek, myślnik, kropka, ukośnik, dwukropek, średnik, znak mniejszości, znak równości, znak większości, ' +
    'znak zapytania, małpa, nawias kwadratowy otwierający, ukośnik wsteczny, nawias kwadratowy zamykający, daszek, podkreślenie, ' +
    'odwrócony apostrof, nawias klamrowy otwierający, kreska pionowa, nawias klamrowy zamykający, tylda',
  'duże {}',
);

const hungarian = alphabet(
  'nulla egy kettő három négy öt hat hét nyolc kilenc',
  'a, bé, cé, dé, e, ef, gé, há, í, jé, ká, el, em, en, ó, pé, kú, er, es, té, ú, vé, dupla vé, iksz, ipszilon, zé',
  'szóköz, felkiáltójel, idézőjel, kettős kereszt, dollárjel, százalékjel, és jel, aposztróf, nyitó zárójel, záró zárójel, csillag, ' +
    'pluszjel, vessző, kötőjel, pont, perjel, kettőspont, pontosvessző, kisebb mint, egyenlőségjel, nagyobb mint, kérdőjel, kukac, ' +
    'nyitó szögletes zárójel, fordított perjel, záró szögletes zárójel, kalap, aláhúzás, fordított aposztróf, ' +
    'nyitó kapcsos zárójel, függőleges vonal, záró kapcsos zárójel, hullámvonal',
  'nagy {}',
);

const swedish = alphabet(
  'noll ett två tre fyra fem sex sju åtta nio',
  'a, be, se, de, e, eff, G, hå, i, ji, kå, ell, emm, enn, o, pe, ku, ärr, ess, te, u, ve, dubbel-ve, eks, y, säta',
  'mellanslag, utropstecken, citattecken, fyrkant, dollartecken, procenttecken, och-tecken, apostrof, vänsterparentes, ' +
    'högerparentes, asterisk, plustecken, kommatecken, bindestreck, punkt, snedstreck, kolon, semikolon, mindre än, likhetstecken, ' +
    'större än, frågetecken, snabel-a, vänster hakparentes, omvänt snedstreck, höger hakparentes, cirkumflex, understreck, ' +
    'grav accent, vänster klammerparentes, lodstreck, höger klammerparentes, tilde',
  'stort {}',
);

const german = alphabet(
  'null eins zwei drei vier fünf sechs sieben acht neun',
  'ah, beh, zeh, deh, eh, eff, geh, hah, ih, jott, kah, ell, emm, enn, oh, peh, kuh, err, ess, teh, uh, fau, weh, iks, üpsilon, zett',
  'Leerzeichen, Ausrufezeichen, Anführungszeichen, Raute, Dollarzeichen, Prozentzeichen, Und-Zeichen, Apostroph, Klammer auf, ' +
    'Klammer zu, Sternchen, Pluszeichen, Komma, Bindestrich, Punkt, Schrägstrich, Doppelpunkt, Semikolon, kleiner als, ' +
    'Gleichheitszeichen, größer als, Fragezeichen, Ättzeichen, eckige Klammer auf, umgekehrter Schrägstrich, eckige Klammer zu, ' +
    'Zirkumflex, Unterstrich, Gravis, geschweifte Klammer auf, senkrechter Strich, geschweifte Klammer zu, Tilde',
  'großes {}',
);

const dutch = alphabet(
  'nul een twee drie vier vijf zes zeven acht negen',
  'aa, bee, cee, dee, ee, ef, gee, haa, ie, jee, kaa, el, em, en, oo, pee, kuu, er, es, tee, uu, vee, wee, iks, griekse ij, zet',
  'spatie, uitroepteken, aanhalingsteken, hekje, dollarteken, procentteken, en-teken, apostrof, haakje openen, haakje sluiten, ' +
    'sterretje, plusteken, komma, streepje, punt, schuine streep, dubbele punt, puntkomma, kleiner dan, isgelijkteken, groter dan, ' +
    'vraagteken, apenstaartje, vierkant haakje openen, omgekeerde schuine streep, vierkant haakje sluiten, dakje, laag streepje, ' +
    'accent grave, accolade openen, verticale streep, accolade sluiten, tilde',
  'hoofdletter {}',
);

// B and V sound alike: "uve" is the name that tells them apart (RAE, Ortografía 2010).
const spanish = alphabet(
  'cero uno dos tres cuatro cinco seis siete ocho nueve',
  'a, be, ce, de, e, efe, ge, hache, i, jota, ka, ele, eme, ene, o, pe, cu, erre, ese, te, u, uve, uve doble, equis, i griega, zeta',
  'espacio, signo de exclamación, comillas, almohadilla, signo de dólar, por ciento, ampersand, apóstrofo, abre paréntesis, ' +
    'cierra paréntesis, asterisco, más, coma, guion, punto, barra, dos puntos, punto y coma, menor que, igual, mayor que, ' +
    'signo de interrogación, arroba, abre corchete, barra invertida, cierra corchete, circunflejo, guion bajo, acento grave, ' +
    'abre llave, barra vertical, cierra llave, virgulilla',
  '{} mayúscula',
);

const french = alphabet(
  'zéro un deux trois quatre cinq six sept huit neuf',
  'a, bé, cé, dé, e, effe, gé, ache, i, ji, ka, elle, aime, enne, o, pé, cu, erre, esse, té, u, vé, double vé, ixe, i grec, zède',
  "espace, point d'exclamation, guillemet, dièse, dollar, pour cent, esperluette, apostrophe, parenthèse ouvrante, " +
    'parenthèse fermante, astérisque, plus, virgule, tiret, point, barre oblique, deux points, point virgule, inférieur à, égal, ' +
    "supérieur à, point d'interrogation, arobase, crochet ouvrant, barre oblique inverse, crochet fermant, accent circonflexe, " +
    'tiret bas, accent grave, accolade ouvrante, barre verticale, accolade fermante, tilde',
  '{} majuscule',
);

const italian = alphabet(
  'zero uno due tre quattro cinque sei sette otto nove',
  'a, bi, ci, di, e, effe, gi, acca, i, i lunga, cappa, elle, emme, enne, o, pi, cu, erre, esse, ti, u, vu, doppia vu, ics, ipsilon, zeta',
  'spazio, punto esclamativo, virgolette, cancelletto, dollaro, percento, e commerciale, apostrofo, parentesi aperta, ' +
    'parentesi chiusa, asterisco, più, virgola, trattino, punto, barra, due punti, punto e virgola, minore, uguale, maggiore, ' +
    'punto interrogativo, chiocciola, parentesi quadra aperta, barra inversa, parentesi quadra chiusa, accento circonflesso, ' +
    'trattino basso, accento grave, parentesi graffa aperta, barra verticale, parentesi graffa chiusa, tilde',
  '{} maiuscola',
);

const portuguese = alphabet(
  'zero um dois três quatro cinco seis sete oito nove',
  'á, bê, cê, dê, éh, éfe, gê, agá, i, jota, cá, éle, eme, ene, ó, pê, quê, erre, esse, tê, u, vê, dáblio, xis, ípsilon, zê',
  'espaço, ponto de exclamação, aspas, jogo da velha, cifrão, por cento, e comercial, apóstrofo, abre parênteses, ' +
    'fecha parênteses, asterisco, mais, vírgula, hífen, ponto, barra, dois pontos, ponto e vírgula, menor que, igual, maior que, ' +
    'ponto de interrogação, arroba, abre colchete, barra invertida, fecha colchete, circunflexo, sublinhado, acento grave, ' +
    'abre chave, barra vertical, fecha chave, til',
  '{} maiúsculo',
);

const russian = alphabet(
  'ноль один два три четыре пять шесть семь восемь девять',
  'а, бэ, цэ, дэ, е, эф, гэ, аш, и, йот, ка, эль, эм, эн, о, пэ, ку, эр, эс, тэ, у, вэ, дабл ю, икс, игрек, зет',
  'пробел, восклицательный знак, кавычка, решётка, доллар, процент, амперсанд, апостроф, открывающая скобка, закрывающая скобка, ' +
    'звёздочка, плюс, запятая, дефис, точка, косая черта, двоеточие, точка с запятой, меньше, равно, больше, вопросительный знак, ' +
    'собака, открывающая квадратная скобка, обратная косая черта, закрывающая квадратная скобка, циркумфлекс, подчёркивание, ' +
    'обратный апостроф, открывающая фигурная скобка, вертикальная черта, закрывающая фигурная скобка, тильда',
  'заглавная {}',
);

const nepali = alphabet(
  'शून्य एक् दुई तीन चार् पाँच छ सात आठ नौ',
  'ए, बी, सी, डी, ई, एफ, जी, एच, आई, जे, के, एल, एम्, एन्, ओ, पी, क्यू, आर्, एस, टी, यू, भी, डब्लू, एक्स्, वाई, जेड',
  'खाली ठाउँ, विस्मयादिबोधक चिन्ह, उद्धरण चिन्ह, ह्यास, डलर्, प्रतिशत, एम्परस्यान्ड, एपोस्ट्रोफी, कोष्ठक खुला, कोष्ठक बन्द, तारा, प्लस, ' +
    'अल्पविराम, हाइफन, डट, स्ल्यास, कोलन, सेमिकोलन, सानो चिन्ह, बराबर, ठूलो चिन्ह, प्रश्नवाचक चिन्ह, एट, ठूलो कोष्ठक खुला, ब्याकस्ल्यास, ' +
    'ठूलो कोष्ठक बन्द, क्यारेट, अन्डरस्कोर, ब्याकटिक, मझौला कोष्ठक खुला, ठाडो धर्का, मझौला कोष्ठक बन्द, टिल्ड',
  'ठूलो {}',
);

const ALPHABETS: ReadonlyMap<string, Alphabet> = new Map([
  ['en', english],
  ['en-US', changed(english, 'letters', 25, 'zee')],
  ['el', greek],
  ['pl', polish],
  ['hu', hungarian],
  ['sv', swedish],
  ['de', german],
  ['nl', dutch],
  ['es', spanish],
  ['es-LA', changed(spanish, 'marks', MARKS.indexOf('#'), 'numeral')],
  ['fr', french],
  ['it', italian],
  ['pt', portuguese],
  ['ru', russian],
  ['ne', nepali],
]);

/** @param locale of a voice, as in `es-LA`; English for a language that has no alphabet here. */
export function alphabetOf(locale: string): Alphabet {
  return ALPHABETS.get(locale) ?? ALPHABETS.get(locale.slice(0, 2)) ?? english;
}
