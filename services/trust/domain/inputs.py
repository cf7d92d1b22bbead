"""What the model needs to know of a record: nothing else can move the number."""

from pydantic import BaseModel, ConfigDict, Field

from services.trust import model_v1 as model
from shared.events.claims import TIES_TO_A_WORK, EvidenceClass
from shared.events.trust import ClaimStatus


class Frozen(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Inputs(Frozen):
    """The facts about one record at one moment. A version group is one work, at its best source.

    `evidence` holds the classes that an accepted claim brought, with the share 0 to 1 left of each (f_e of the
    formula); they count only once the tripwire has passed.
    """

    reviewed: int = 0
    moderated: int = 0
    deposits: int = 0
    identified: int = 0
    """Reviewed or moderated works with an identifier that resolves."""
    linked: int = 0
    """n: works of weight 1/2 or more in the largest group linked by shared coauthors or topics."""
    kappa: float = 0.2
    """The resolver's chance that the record is one person."""
    split_suspected: bool = False

    claim_status: ClaimStatus = "unclaimed"
    tripwire_passed: bool = False
    evidence: dict[EvidenceClass, float] = Field(default_factory=dict)
    vouches: int = 0
    id_clash: bool = False
    undisputed_days: int = 0
    second_factor: bool = False
    months_at_l4: int = 0
    vouch_paths: int = 0
    """Node-disjoint vouch paths from seeds, under max-flow."""

    vouched_trust: float = 0.0
    """v: seed trust of verified close collaborators and vouchers, summed. 0 as long as there are no seeds."""
    sourced_collaborators: int = 0
    """u: close collaborators known only from sources."""
    followers: int = 0
    """All followers; told in the explanation, worth nothing."""
    verified_audience: float = 0.0
    """F: T/100 of the followers at L3 or above, summed."""

    def links(self) -> tuple[EvidenceClass, ...]:
        """Classes of evidence with something left of them that tie the person to a work."""
        return tuple(one for one in TIES_TO_A_WORK if self.evidence.get(one, 0) > 0)

    def effective_kappa(self) -> float:
        """kappa of the formula. An iD that counts and names works makes it .99, unless the works share only a name:
        an iD on some of them says nothing of the others. An open suspicion of a split halves it."""
        kappa = self.kappa
        shared_id = any(self.evidence.get(one, 0) > 0 for one in model.SHARED_IDENTIFIERS)
        if shared_id and self.tripwire_passed and not self.id_clash and kappa >= model.KAPPA_LINKED:
            kappa = max(kappa, model.KAPPA_SHARED_ID)
        return kappa * model.SPLIT_SUSPICION if self.split_suspected else kappa

    def may_be_several(self) -> bool:
        """Whether a reader must be told that the record may be several people."""
        return bool(self.reviewed + self.moderated) and self.effective_kappa() < model.KAPPA_LINKED
