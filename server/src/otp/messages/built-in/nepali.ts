import type { LocaleTexts } from './locale-texts.ts';

export const nepali: LocaleTexts = {
  plain: 'तपाईंको प्रमाणीकरण कोड {code} हो।',
  branded: 'तपाईंको {brand} कोड {code} हो।',
  payment: '{payee} लाई {amount} भुक्तानी गर्ने कोड: {code}।',
  expires: {
    one: '{minutes} मिनेटसम्म मान्य।',
    other: '{minutes} मिनेटसम्म मान्य।',
  },
  secret: 'कसैलाई नदिनुहोस्।',
  spoken: {
    plain: 'नमस्ते। तपाईंको प्रमाणीकरण कोड यस्तो छ',
    branded: 'नमस्ते। तपाईंको {brand} प्रमाणीकरण कोड यस्तो छ',
    payment: 'नमस्ते। {payee} लाई {amount} भुक्तानी गर्ने तपाईंको कोड यस्तो छ',
    again: 'फेरि सुन्न एक थिच्नुहोस्।',
    goodbye: 'धन्यवाद।',
  },
};
