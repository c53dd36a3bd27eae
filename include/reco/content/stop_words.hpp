// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/content/unicode.hpp"

namespace reco::inline RECO_ABI() {

/// Words that stand in every text and say nothing about it. Made from words with white space between them;
/// several lists make one:
///
///     reco::stop_word_list none;
///     reco::stop_word_list own = "said reuters ap";
///     reco::stop_word_list both = {reco::english_stop_words, reco::portuguese_stop_words};
///
/// Case is folded when the list is made. `contains` takes O(length of the word).
class stop_word_list {
 public:
  stop_word_list() = default;
  stop_word_list(std::initializer_list<std::string_view> lists);
  stop_word_list(std::string_view words) : stop_word_list({words}) {}  // NOLINT(google-explicit-constructor)
  stop_word_list(const char* words)
      : stop_word_list({std::string_view(words)}) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool contains(std::string_view word) const noexcept;
  /// In the order of their bytes, each once.
  [[nodiscard]] std::span<const std::string> words() const noexcept { return words_; }
  friend bool operator==(const stop_word_list&, const stop_word_list&) = default;

 private:
  [[nodiscard]] std::size_t first_slot(std::string_view word) const noexcept;

  std::vector<std::string> words_ = {};
  std::vector<std::int32_t> slots_ = {};  // an open-addressing hash table of places in `words_`; -1: free
};

// Articles, pronouns, prepositions, conjunctions, auxiliary verbs and the commonest adverbs. Contractions stand
// whole and in the parts that a tokenizer cuts them into at the apostrophe.

inline constexpr std::string_view english_stop_words = R"(
a an the this that these those such same other another each every either neither both all any some many much more
most few less least several own no none not nor only
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves one who whom whose which what whatever whoever
about above across after against along among amid around as at before behind below beneath beside besides between
beyond but by despite down during except for from in inside into like near of off on onto out outside over past per
since than through throughout to toward towards under until up upon via with within without
and or if because while although though unless whereas whether so yet then thus hence therefore however
be am is are was were been being have has had having do does did doing done can could may might must shall should
will would ought cannot let
when where why how here there now again once ever never always often also too very just still even already almost
quite rather perhaps else further
don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't
mustn't mightn't needn't ain't i'm you're he's she's it's we're they're i've you've we've they've i'd you'd he'd
she'd we'd they'd i'll you'll he'll she'll we'll they'll that's there's here's what's who's let's
s t d m ll re ve don doesn didn isn aren wasn weren haven hasn hadn couldn won wouldn shouldn mustn mightn needn ain
)";

inline constexpr std::string_view german_stop_words = R"(
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser diese dieses
diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem alle alles allen allem aller manche mancher
manches einige einiger einigen viele vieler vielen mehr meist wenig andere anderer anderes anderen anderem solche
solcher solches beide beiden selbst nichts etwas
ich mich mir du dich dir er ihn ihm sie es wir uns ihr euch ihnen sich man mein meine meinen meinem meiner meines
dein deine deinen deinem deiner sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere
unseren unserem unserer euer eure euren wer wen wem wessen was welche welcher welches welchen welchem
ab an am auf aus bei beim bis durch für gegen hinter in im ins mit nach neben ohne seit trotz über um unter von vom
vor während wegen zu zum zur zwischen
und oder aber denn sondern doch wenn weil dass daß ob als wie da damit obwohl während bevor nachdem indem so sowie
bin bist ist sind seid war warst waren wart gewesen habe hast hat haben habt hatte hatten gehabt werde wirst wird
werden werdet wurde wurden worden geworden kann können konnte konnten muss müssen musste mussten soll sollen sollte
sollten will wollen wollte wollten darf dürfen durfte mag möchte würde würden wäre wären hätte hätten
nicht nur noch auch schon sehr immer nie wieder dann dort hier jetzt nun wo wann warum weshalb woher wohin hin her
dabei dafür dagegen daher daran darauf daraus darin darüber darum davon dazu etwa eben also ja nein mal bereits
zudem jedoch allerdings
)";

inline constexpr std::string_view french_stop_words = R"(
le la les l un une des du de d au aux ce cet cette ces ceci cela ça celui celle ceux celles tout toute tous toutes
quelque quelques plusieurs chaque aucun aucune autre autres même mêmes tel telle tels telles
je j me m moi tu te t toi il elle on nous vous ils elles se s soi lui leur leurs eux y en mon ma mes ton ta tes son
sa ses notre nos votre vos qui que qu quoi dont où lequel laquelle lesquels lesquelles quel quelle quels quelles
à après avant avec chez contre dans depuis derrière dès devant durant entre envers hors jusque jusqu malgré par
parmi pendant pour sans selon sous sur vers
et ou mais donc or ni car si comme lorsque lorsqu quand puisque puisqu afin ainsi alors aussi cependant pourtant
suis es est sommes êtes sont étais était étions étiez étaient serai sera serons seront serait seraient soit soient
été étant être ai as a avons avez ont avais avait avions avaient aurai aura auront aurait auraient ait aient eu eue
ayant avoir fait faire font faut peut peuvent pouvait doit doivent va vont
ne n pas plus moins peu très trop encore déjà toujours jamais ici là c bien non oui
aujourd hui aujourd'hui c'est d'un d'une n'est qu'il qu'elle qu'un qu'une
)";

inline constexpr std::string_view italian_stop_words = R"(
il lo la l i gli le un uno una del dello della dell dei degli delle al allo alla all ai agli alle dal dallo dalla
dall dai dagli dalle nel nello nella nell nei negli nelle sul sullo sulla sull sui sugli sulle col coi
questo questa questi queste quest quello quella quelli quelle quell quel quei tale tali ogni alcuni alcune qualche
altro altra altri altre stesso stessa stessi stesse tutto tutta tutti tutte molto molta molti molte poco pochi più
meno
io me mi tu te ti lui lei esso essa noi ci voi vi loro essi esse si sé ne mio mia miei mie tuo tua tuoi tue suo sua
suoi sue nostro nostra nostri nostre vostro vostra vostri vostre chi che cui quale quali quanto quanta quanti quante
a ad con da di d in per su tra fra contro dopo durante entro fino presso prima senza sopra sotto verso
e ed o od ma però anche se perché quando mentre come dove così quindi dunque né oppure cioè poiché affinché
sono sei è siamo siete era eri erano eravamo stato stata stati state essere essendo sia siano sarà saranno sarebbe
fu furono ho hai ha abbiamo avete hanno aveva avevano avuto avere avendo abbia abbiano avrà avranno avrebbe fa fare
fatto può possono deve devono viene vengono
non già ancora solo sempre mai qui qua lì là ora poi c cosa proprio
)";

inline constexpr std::string_view portuguese_stop_words = R"(
o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela pelos pelas num numa nuns numas dum duma
este esta estes estas isto esse essa esses essas isso aquele aquela aqueles aquelas aquilo deste desta destes destas
disto desse dessa desses dessas disso daquele daquela daqueles daquelas neste nesta nestes nestas nisto nesse nessa
nesses nessas nisso naquele naquela àquele àquela todo toda todos todas tudo cada qualquer quaisquer algum alguma
alguns algumas nenhum nenhuma outro outra outros outras mesmo mesma mesmos mesmas próprio própria tal tais muito
muita muitos muitas pouco pouca poucos poucas mais menos tanto tanta tantos tantas
eu me mim comigo tu te ti você vocês ele ela eles elas se si consigo nós nos conosco vos lhe lhes lo la los las meu
minha meus minhas teu tua teus tuas seu sua seus suas nosso nossa nossos nossas dele dela deles delas quem que qual
quais cujo cuja cujos cujas quanto quantos
de em por para pra com sem sob sobre até após ante antes depois desde durante entre contra através perante
e ou mas porém nem se porque pois quando enquanto como onde embora portanto contudo todavia logo caso
sou é somos são era eram fui foi foram fosse fossem seja sejam ser sendo sido será serão seria seriam estou está
estamos estão estava estavam esteve estiver esteja estejam estar estado tenho tem temos têm tinha tinham teve
tiveram tenha tenham ter tendo tido terá terão teria há havia houve haver haja vai vão vou ir pode podem poder podia
deve devem faz fazer feito
não sim já ainda também só apenas sempre nunca aqui ali lá aí agora então assim bem
)";

inline constexpr std::string_view spanish_stop_words = R"(
el la los las lo un una unos unas del al este esta estos estas esto ese esa esos esas eso aquel aquella aquellos
aquellas aquello todo toda todos todas cada cualquier algún alguno alguna algunos algunas ningún ninguno ninguna otro
otra otros otras mismo misma mismos mismas tal tales mucho mucha muchos muchas poco poca pocos pocas más menos tan
tanto tanta tantos tantas varios varias
yo me mí conmigo tú te ti contigo él ella ello nosotros nosotras nos vosotros vosotras os ellos ellas se sí consigo
usted ustedes le les mi mis tu tus su sus mío mía míos mías tuyo tuya suyo suya suyos suyas nuestro nuestra nuestros
nuestras vuestro vuestra quien quienes que qué cual cuales cuál cuyo cuya cuyos cuyas quién cuánto
a ante bajo con contra de desde durante en entre hacia hasta para por según sin sobre tras mediante
y e o u pero sino ni si porque pues cuando cuándo mientras como cómo donde dónde aunque así entonces luego también
tampoco
soy eres es somos son era eras éramos eran fui fue fuimos fueron fuera sea sean ser siendo sido será serán sería
serían estoy está estamos están estaba estaban estuvo esté estén estar estado he has ha hemos han había habían hubo
haya hayan haber habiendo habrá habría hay tengo tiene tenemos tienen tenía tenían tuvo tenga tener puede pueden
poder debe deben hace hacer hecho va van
no ya aún solo sólo siempre nunca aquí allí ahí ahora muy bien
)";

// ---------------------------------------------------------------------------------------------------

inline stop_word_list::stop_word_list(std::initializer_list<std::string_view> lists) {
  constexpr std::string_view white_space = " \t\r\n\v\f";
  for (std::string_view list : lists) {
    while (true) {
      list.remove_prefix(std::min(list.find_first_not_of(white_space), list.size()));
      if (list.empty()) break;
      const auto word = list.substr(0, list.find_first_of(white_space));
      list.remove_prefix(word.size());
      words_.push_back(fold_case(word));
    }
  }
  std::sort(words_.begin(), words_.end());
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
  // A quarter full at most: nearly all words of a text are no stop words, and meet a free slot at once.
  slots_.assign(std::bit_ceil(4 * words_.size()), -1);
  for (std::size_t n = 0; n < words_.size(); ++n) {
    auto slot = first_slot(words_[n]);
    while (slots_[slot] >= 0) slot = (slot + 1) % slots_.size();
    slots_[slot] = static_cast<std::int32_t>(n);
  }
}

inline std::size_t stop_word_list::first_slot(std::string_view word) const noexcept {
  const auto byte = [&](std::size_t n) { return static_cast<std::size_t>(static_cast<unsigned char>(word[n])); };
  const std::size_t key = word.size() ^ byte(0) << 8 ^ byte(word.size() / 2) << 16 ^ byte(word.size() - 1) << 24;
  return key * 0x9E3779B1U >> 16 & (slots_.size() - 1);
}

inline bool stop_word_list::contains(std::string_view word) const noexcept {
  if (words_.empty() || word.empty()) return false;
  for (auto slot = first_slot(word); slots_[slot] >= 0; slot = (slot + 1) % slots_.size())
    if (words_[static_cast<std::size_t>(slots_[slot])] == word) return true;
  return false;
}

}  // namespace reco
